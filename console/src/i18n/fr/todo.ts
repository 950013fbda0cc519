export const todo = {
  nothing: 'Rien à faire',
  nothingMore:
    'Aucun conflit, aucune tâche, aucun identifiant refusé, aucune disparition à confirmer, aucun enregistrement mis ' +
    'de côté, aucun code inconnu. La page se relit d’elle-même.',
  lookedAt: 'Regardé à {{time}}',
  count_one: 'une chose à faire',
  count_other: '{{count}} choses à faire',
  more: 'Il y en a plus que la page n’en montre : réglez celles-ci, les autres suivront.',
  mayNotOperate: 'Votre compte peut voir cette page, mais pas y agir.',
  do: 'À faire :',
  keys: { move: 'd’une chose à l’autre', act: 'le geste principal', undo: 'défaire' },
  groups: {
    conflicts: 'Deux patients, une heure',
    late: 'Tâches en retard',
    credentials: 'Accès refusés',
    suspects: 'Agendas douteux',
    tasks: 'Tâches',
    setAside: 'Enregistrements mis de côté',
    unmapped: 'Codes inconnus',
  },
  failed: 'Cela n’a pas pu être fait.',
  here: 'Passerelle',
  since: 'constaté {{when}}',
  unchanged: 'Ne rien changer',
  details: 'Ce que dit la plateforme',
  somebody: 'le médecin',
  conflict: {
    title: '{{day}}, {{time}} — {{who}}',
    happened: 'Deux plateformes ont donné la même heure. Chaque patient a sa confirmation.',
    means: 'Si rien n’est fait, les deux se présentent, et l’un attend ou repart.',
    do: 'appelez l’un des deux, entendez-vous, puis choisissez ici. Passerelle n’avertit aucun patient.',
    booking: '{{letter}} · {{platform}}',
    holds: 'tient la plage',
    extra: 'en trop',
    time: 'Heure',
    place: 'Lieu',
    patient: 'Patient',
    phone: 'Téléphone',
    nameIsThere: 'son nom est sur {{platform}}',
    notShown: 'non montré',
    keep: 'Garder {{letter}}, annuler {{other}}',
    keepBoth: 'Garder les deux',
    move: 'Déplacer {{letter}}',
    look: 'Chercher d’autres heures',
    none: 'Aucune plage libre assez longue n’est connue.',
    moveTo: '{{day}}, {{span}}',
    elsewhere: 'Libre ailleurs, à offrir par téléphone',
    elsewhereOn: '{{when}} · {{platform}}',
  },
  settle: {
    keepTitle: 'Garder {{letter}} et annuler {{other}} ?',
    bothTitle: 'Garder les deux ?',
    moveTitle: 'Déplacer {{letter}} ?',
    patientOf: 'Le patient de {{platform}}',
    keeps: '{{who}} garde son heure : {{when}}, sur {{platform}}.',
    loses:
      '{{who}} perd la sienne : {{when}}, sur {{platform}}. Elle est annulée ici tout de suite, et là-bas dès que la ' +
      'plateforme répond.',
    moves: '{{who}} passe de {{from}} à {{when}}, sur {{platform}}.',
    both: 'Les deux viennent à {{when}}. Rien n’est annulé. La question ne revient que si l’un des deux change d’heure.',
    call: 'Appelez d’abord : personne d’autre ne le dit au patient.',
    callAt: 'Appelez d’abord {{who}} :',
    keepConfirm: 'Garder {{letter}}, annuler {{other}}',
    bothConfirm: 'Garder les deux',
    moveConfirm: 'Déplacer {{letter}}',
    kept: 'Réglé : {{letter}} garde {{when}}, {{other}} est annulé.',
    keptBoth: 'Réglé : les deux gardent {{when}}.',
    moved: 'Réglé : {{letter}} vient maintenant {{when}}.',
  },
  task: {
    late: 'en retard, à faire {{when}}',
    due: 'à faire {{when}}',
    escalated: 'rappelée par courriel',
    do: 'faites-le à l’écran de {{platform}}, puis cochez.',
    block: 'Tant que cette heure n’est pas fermée, un second patient peut l’y prendre.',
    unblock: 'Tant que cette heure n’est pas rouverte, elle manque aux patients de cette plateforme.',
    publish: 'Tant que cette plage n’y est pas, aucun patient ne peut l’y prendre.',
    withdraw: 'Tant que cette plage y est, un patient peut y prendre une heure qui n’existe plus.',
    cancel: 'Tant qu’il y est, ce rendez-vous tient l’heure, et le patient peut croire qu’il l’a encore.',
    done: 'C’est fait',
    taken: 'Un patient a déjà cette heure',
    ticked: 'Fait : {{text}}',
    unticked: 'Pas fait, en fin de compte : {{text}}',
    takenTitle: 'Un patient a déjà cette heure ?',
    takenText:
      'L’heure est notée comme réservée sur {{platform}}. Si un patient l’a aussi ailleurs, les deux rendez-vous ' +
      'apparaissent ici en conflit. Cela ne se défait pas d’ici.',
    takenConfirm: 'Noter qu’elle est prise',
    noted: 'Noté comme prise : {{text}}',
  },
  credentials: {
    title: '{{platform}} refuse notre accès',
    titleForbidden: 'L’adresse de {{platform}} n’est pas permise',
    happened: 'La clé ou le mot de passe de Passerelle n’y est plus accepté : il a expiré, ou a été changé.',
    happenedForbidden: 'La configuration de Passerelle ne permet pas d’appeler cette adresse.',
    means:
      'Ce qui s’y réserve n’est plus connu ici, et ce qui est pris ailleurs n’y est plus fermé : une heure peut être ' +
      'donnée deux fois.',
    do:
      'demandez un nouvel accès à {{platform}}; l’administrateur de Passerelle le met dans la configuration. D’ici là, ' +
      'regardez l’écran de {{platform}} avant de donner une heure. Passerelle réessaie chaque minute.',
    doForbidden: 'demandez à l’administrateur de Passerelle de vérifier l’adresse et les adresses permises.',
  },
  suspect: {
    title: '{{platform}} ne montre presque plus rien de son agenda',
    calendar: 'Agenda {{feed}}.',
    slots: '{{missing}} plages sur {{known}} manquent.',
    busy: '{{missing}} rendez-vous ou blocages sur {{known}} manquent.',
    shifts: '{{missing}} quarts sur {{known}} manquent.',
    means:
      'Rien n’a été annulé ni rouvert. Dans le doute, ce qui était pris reste pris, et les plages de cette plateforme ' +
      'ne sont plus offertes comme libres.',
    do:
      'regardez l’écran de {{platform}}. Si tout y est, attendez : cela se règle de soi-même à la lecture suivante. Si ' +
      'tout a vraiment été retiré, confirmez-le.',
    confirm: 'Tout est vraiment retiré…',
    confirmTitle: 'Tenir pour retiré ce qui manque à {{platform}} ?',
    confirmText:
      'À la prochaine lecture, ce qui manque cesse d’exister ici, et les heures que cela prenait rouvrent sur les ' +
      'autres plateformes. Cela ne se défait pas.',
    go: 'Oui, c’est retiré',
    confirmed: 'Confirmé : {{platform}} est relue.',
    waiting: 'Confirmé. On attend la lecture suivante…',
  },
  unreadable: {
    title: 'Presque rien de {{platform}} n’a pu être lu',
    happened: '{{unread}} enregistrements sur {{records}} n’ont pas pu être lus.',
    means:
      'Ce qui s’y réserve n’est peut-être plus connu ici. Ses plages ne seront bientôt plus offertes comme libres.',
    do:
      'voyez lesquels et pourquoi, et dites-le à l’administrateur de Passerelle. D’ici là, regardez l’écran de ' +
      '{{platform}} avant de donner une heure.',
  },
  setAside: {
    title_one: 'Un enregistrement de {{platform}} n’a pas pu être lu',
    title_other: '{{count}} enregistrements de {{platform}} n’ont pas pu être lus',
    means: 'Si l’un d’eux est un rendez-vous, son heure n’est peut-être pas fermée ailleurs.',
    do:
      'voyez lesquels, et comparez avec l’écran de {{platform}}. Corrigez-les là-bas, ou donnez le motif à ' +
      'l’administrateur de Passerelle. Ce qui est corrigé disparaît d’ici de soi-même.',
    look: 'Voir lesquels',
  },
  unmapped: {
    title: '{{platform}} emploie un code inconnu : {{code}}',
    notACode: 'ce n’est pas un code',
    happened_one: 'Il est dans un enregistrement ({{field}}).',
    happened_other: 'Il est dans {{count}} enregistrements ({{field}}).',
    means:
      'Ces plages sont bien lues, et leurs heures tenues à jour, mais sans ce renseignement : qui cherche une plage ' +
      'par ce renseignement ne les trouve pas.',
    do:
      'demandez à {{platform}} ce que veut dire ce code; l’administrateur de Passerelle l’ajoute à la table ' +
      'mappings/{{folder}}/.',
  },
  records: {
    title: '{{platform}} : ce qui n’a pas pu être lu',
    none: 'Il n’y en a plus : tout a été corrigé.',
    record: 'Enregistrement',
    noIds_one: 'sans numéro lisible',
    noIds_other: '{{count}} sans numéro lisible',
    reason: 'Motif',
    seen: 'Vu',
    times_one: 'une fois',
    times_other: '{{count}} fois',
    last: '{{times}}, la dernière {{ago}}',
    raw: 'Montrer ce qu’ils contiennent',
    rawWarning:
      'Ils peuvent nommer des patients. Que vous les ouvriez est inscrit au registre. N’en copiez rien dans un message.',
    rawOf: 'Contenu de {{record}}',
    noRaw: 'Son contenu n’a pas été gardé.',
    reasons: {
      unmapped: 'code inconnu {{code}} ({{field}})',
      unlinked: 'cet agenda n’est lié à aucun horaire dans la configuration',
    },
  },
  list: {
    open: 'Coller une liste',
    title: 'Coller ce que montre l’écran',
    text:
      'Copiez le tableau de l’écran de la plateforme, titres des colonnes compris (date, début, fin, statut), et ' +
      'collez-le ici. Les noms des patients ne sont ni lus ni gardés.',
    connection: 'Plateforme',
    calendar: 'Agenda',
    byLine: 'chaque ligne le dit',
    of: '{{practitioner}}, {{location}}',
    pasted: 'Ce qui a été copié',
    required: 'Collez d’abord quelque chose.',
    complete: 'Tout ce qui est à l’écran pour ces jours y est',
    completeHelp: 'Alors ce qui manque à la liste est tenu pour parti. Sans cela, rien ne l’est.',
    from: 'Du',
    to: 'Au',
    daysHelp: 'Vide = le premier et le dernier jour de la liste.',
    go: 'Prendre la liste',
    partial: 'Prendre les lignes qui se lisent',
    wrong: 'Rien n’a été pris. Corrigez ces lignes, ou prenez seulement les autres :',
    taken_one: 'Liste prise : une ligne.',
    taken_other: 'Liste prise : {{count}} lignes.',
    left_one: 'Une ligne n’a pas été prise.',
    left_other: '{{count}} lignes n’ont pas été prises.',
    suspect: 'Il y manque tant de choses que rien n’a été tenu pour parti.',
  },
};

export const policies = {
  intro:
    'Ce que la clinique décide pour chaque horaire. Essayez sans risque : l’aperçu dit ce qu’une semaine aurait été, la dernière ou celle qui vient, et rien ne change avant d’être enregistré.',
  none: 'Aucun horaire n’est configuré.',
  schedule: 'Horaire',
  wholeDay: 'la journée entière',
  reset: 'Tout remettre',
  changed_one: 'Une règle modifiée',
  changed_other: '{{count}} règles modifiées',
  sharing: {
    title: 'Partage entre les plateformes',
    shared: {
      text: 'Toutes vendent tout',
      says: 'La première a l’heure, qui se ferme ailleurs aussitôt. Rien n’est hors de portée; rarement, deux plateformes vendent la même heure avant que la fermeture arrive, et quelqu’un appelle un patient.',
    },
    'hold-first': {
      text: 'Fermer partout avant de confirmer',
      says: 'Ce qui se réserve par Passerelle est d’abord fermé sur toutes les autres plateformes : la personne à qui l’on dit « réservé » ne prend l’heure de personne. Chaque réservation attend la plus lente, jusqu’à cinq secondes.',
    },
    allotted: {
      text: 'À chacune sa part',
      says: 'Chaque heure n’est en vente que sur une plateforme, puis partout à l’approche du jour : pas deux patients pour une heure. Des heures restent vides que quelqu’un d’ailleurs voulait, et chaque patient ne voit qu’une partie de ce qui est libre.',
    },
    sharesHelp:
      'Parts de 1 à 100, deux plateformes au moins : 2 et 1, c’est deux heures sur trois à la première. Vide : la plateforme ne participe pas et vend ce qu’elle a.',
    share: 'Part de {{title}}',
  },
  release: {
    title: 'Ouverture des plages',
    always: {
      text: 'Dès qu’elles sont connues',
      says: 'On peut réserver aussi loin que va l’agenda. Des rendez-vous pris des mois d’avance, où parfois personne ne vient.',
    },
    hoursBefore: {
      text: 'Un nombre d’heures d’avance',
      says: 'Des plages restent pour qui appelle plus tard. On ne peut pas prévoir longtemps d’avance, et certaines ne trouvent personne dans le temps qui reste.',
    },
    atMidnight: {
      text: 'À minuit, un nombre de jours d’avance',
      says: 'Toutes les plages d’un jour ouvrent ensemble : qui veille à minuit a le choix, et c’est la ruée sur les plateformes.',
    },
  },
  holds: {
    title: 'Retenue pendant le formulaire',
    says: 'La plage est gardée pendant que la personne remplit le formulaire. Longtemps : elle ne la perd pas, même si on l’aide. Mais un formulaire laissé ouvert ferme l’heure à tous les autres.',
  },
  cancellation: {
    title: 'Limite pour annuler ou déplacer',
    says: 'Par Passerelle seulement : ce qui se passe sur le site d’une plateforme est son affaire. Plus tôt, et moins de plages se libèrent trop tard; mais plus de gens appellent, ou ne viennent pas.',
  },
  failover: {
    title: 'Quand la plateforme est en panne',
    refuse: {
      text: 'Refuser les réservations',
      says: 'Qui apprend que c’est réservé a son rendez-vous. Mais rien ne se réserve tant que dure la panne.',
    },
    accept: {
      text: 'Accepter en son nom',
      says: 'Les patients réservent pendant la panne, et la plateforme l’apprend à son retour. Si elle a vendu l’heure entre-temps, les deux restent et quelqu’un appelle.',
    },
  },
  conflicts: {
    title: 'Deux patients pour une heure',
    ask: {
      text: 'Une personne décide',
      says: 'Aucun patient n’est annulé par une machine. Quelqu’un doit voir la liste « À faire », décider et appeler.',
    },
    'keep-first': {
      text: 'Garder la première réservation',
      says: 'L’autre est annulée aussitôt chez sa plateforme, même la nuit. Personne n’a appelé ce patient : il peut l’apprendre tard, ou en venant.',
    },
  },
  fields: {
    pooledHours: {
      label: 'En commun, heures d’avance',
      help: 'À partir de là, toutes vendent tout. 0 : jamais.',
    },
    unitMinutes: {
      label: 'Temps distribué par',
      help: 'Une plage à cheval sur deux parts ne se vend nulle part avant.',
    },
    releaseHours: { label: 'Heures d’avance', help: 'Avant le début de chaque plage.' },
    releaseDays: { label: 'Jours d’avance', help: '0 : à minuit le jour même.' },
    holdMinutes: { label: 'Minutes, d’ordinaire', help: 'Quand rien n’est demandé.' },
    holdMost: { label: 'Minutes, au plus', help: 'Jusqu’à 60.' },
    cancelUntil: { label: 'Heures avant le début', help: '0 : jusqu’à ce qu’il commence.' },
    forHours: { label: 'Pendant, en heures', help: 'Depuis le début de la panne. Vide : tant qu’elle dure.' },
    failoverUntil: {
      label: 'Pas plus près que, en heures',
      help: 'Rien n’est accepté qui commence plus tôt : comptez ce que durent vos pannes.',
    },
  },
  brief: {
    allotted: 'à chacune sa part ({{shares}}), par {{unit}}, en commun {{hours}} h d’avance',
    hoursBefore: '{{hours}} h d’avance',
    atMidnight: 'à minuit, {{days}} jours d’avance',
    holds: '{{minutes}} min, {{most}} min au plus',
    cancellation: '{{hours}} h avant le début',
    forHours: 'pendant {{hours}} h',
    until: 'pas plus près que {{hours}} h',
  },
  preview: {
    title: 'Avec ces règles',
    week: 'Quelle semaine',
    weeks: { last: 'Dernière semaine', next: 'Semaine qui vient' },
    days: 'Les heures du {{from}} au {{to}}.',
    since: 'Rien n’est connu avant le {{when}} : les chiffres ne disent que ce qui suit.',
    nothing:
      'Rien n’est connu de ces jours : Passerelle suit cet horaire depuis le {{when}}. Voyez la semaine qui vient.',
    see: 'Aperçu ↓',
    behind: 'On recalcule…',
    wrong: 'Corrigez d’abord ce qui est signalé dans les règles.',
    what: 'Ce qui s’est passé',
    today: 'Aujourd’hui',
    tried: 'Ces règles',
    unknowns: 'Ce que l’aperçu ne peut pas savoir',
  },
  figures: {
    bookings: 'Réservations possibles là où elles ont été faites',
    share: 'Refusées : la part d’une autre plateforme',
    across: 'Refusées : à cheval sur deux parts',
    release: 'Refusées : pas encore ouvertes',
    outage: 'Refusées : plateforme en panne',
    cancellations: 'Annulations refusées, trop tard',
    moves: 'Déplacements refusés, trop tard',
    conflicts: 'Deux patients pour une heure',
    settled: 'dont annulés sans demander',
    accepted: 'Réservations acceptées pendant une panne',
    accepting: 'Pannes pendant lesquelles on aurait accepté',
    holdsShorter: 'Retenues qui auraient fini plus tôt',
    holdsLonger: 'Retenues qui auraient duré plus',
    holdHours: 'Temps fermé par des retenues',
  },
  chart: {
    title: 'Les heures de chaque plateforme',
    here: 'vendues ici',
    elsewhere: 'vendues ailleurs',
    unsold: 'pas vendues',
    none: 'Aucune plage n’est connue de ces jours.',
    said: '{{offered}} en vente : {{here}} vendues ici, {{elsewhere}} ailleurs, {{unsold}} pas vendues.',
  },
  cases: {
    title: 'Ce qui aurait été autrement',
    none: 'Rien : tout se serait passé de la même façon.',
    more_one: 'Un autre',
    more_other: '{{count}} autres',
    shown: 'Les {{shown}} premiers de {{of}}.',
    kinds: {
      booking: 'Rendez-vous du',
      cancellation: 'Annulation du rendez-vous du',
      move: 'Déplacement du rendez-vous du',
      accepted: 'Accepté pendant une panne, pour le',
      conflict: 'Deux patients le',
      hold: 'Retenue de l’heure du',
    },
    at: {
      booking: 'réservé {{when}}',
      cancellation: 'annulé {{when}}',
      move: 'déplacé {{when}}',
      accepted: 'accepté {{when}}',
      conflict: 'vu {{when}}',
      hold: 'retenue {{when}}',
    },
    outcomes: {
      possible: 'comme c’était',
      refused: 'impossible',
      unknown: 'on ne sait pas',
      prevented: 'n’aurait pas eu lieu',
      settled: 'réglé par la règle',
      asked: 'à régler par une personne',
      shorter: 'plus courte',
      longer: 'plus longue',
    },
  },
  save: {
    act: 'Enregistrer…',
    title: 'Enregistrer ces règles',
    restarts:
      'Elles valent pour tout ce qui est déjà connu. Passerelle redémarre avec elles : pendant une seconde ou deux, personne n’a de réponse.',
    also: 'Les mêmes règles pour d’autres horaires',
    alsoHelp: 'Toutes les règles de cette page, pas seulement celles que vous avez modifiées.',
    confirm: 'Enregistrer',
    under: 'On enregistre…',
    done_one: 'Les règles de l’horaire sont enregistrées.',
    done_other: 'Les règles de {{count}} horaires sont enregistrées.',
    some_one: 'Un horaire est enregistré, pas les suivants.',
    some_other: '{{count}} horaires sont enregistrés, pas les suivants.',
    stale:
      'La configuration a changé depuis que vous avez ouvert cette page : rien n’a été enregistré. Relisez-la, puis refaites vos changements.',
    readAgain: 'Relire',
    notYours:
      'Vous pouvez essayer des règles et voir l’aperçu. Les enregistrer demande le droit d’administrer Passerelle.',
    noFile:
      'Ces règles ne s’enregistrent pas d’ici : la configuration de cette passerelle ne peut pas être lue ici.',
    notWritable: 'Ces règles ne s’enregistrent pas d’ici :',
    otherRuns:
      'La configuration vient de changer, et Passerelle n’y a pas encore passé. Relisez dans un instant.',
  },
};

import type { Bilingual } from '../domain/schedule.ts';

/**
 * What the faults of a platform mean for patients and what is to be done, for whoever stands at the desk. It is all that is told of an
 * error: what the platform itself said is told to nobody, since it might quote what somebody gave it.
 */

export type FaultMeaning = {
  /** What is the matter. */
  readonly what: Bilingual;
  /** What patients notice. */
  readonly patients: Bilingual;
  readonly toDo: Bilingual;
};

/** The kinds of FAULT_KINDS (src/adapter/faults.ts), and `unexpected`: an error that the adapter did not foresee. */
export const MEANT_KINDS = [
  'throttled',
  'unavailable',
  'unauthorized',
  'forbidden',
  'malformed',
  'unsure',
  'unexpected',
] as const;
export type MeantKind = (typeof MEANT_KINDS)[number];

export const FAULT_MEANINGS: Readonly<Record<MeantKind, FaultMeaning>> = {
  throttled: {
    what: {
      fr: 'la plateforme demande de ralentir',
      en: 'the platform asks to be called less often',
    },
    patients: {
      fr: 'ils y réservent encore; ce qui est pris ailleurs s’y ferme en retard',
      en: 'they can still book there; what is taken elsewhere is closed there late',
    },
    toDo: {
      fr: 'rien : elle est rappelée au moment qu’elle a dit. Si cela dure, demandez-lui une limite plus haute',
      en: 'nothing: it is called again when it said so. If it goes on, ask it for a higher limit',
    },
  },
  unavailable: {
    what: { fr: 'la plateforme ne répond pas', en: 'the platform does not answer' },
    patients: {
      fr: 'ils ne peuvent sans doute pas y réserver; si elle répond tout de même au public, elle peut vendre une heure déjà prise ailleurs',
      en: 'they can probably not book there; if it still answers the public, it may sell a time that is taken elsewhere',
    },
    toDo: {
      fr: 'imprimez la feuille de relève, appelez le soutien de la plateforme, et n’y réservez rien à la main sans l’inscrire sur la feuille',
      en: 'print the contingency sheet, call the platform’s support, and book nothing there by hand without writing it on the sheet',
    },
  },
  unauthorized: {
    what: {
      fr: 'la plateforme refuse la clé ou le mot de passe de Passerelle',
      en: 'the platform refuses Passerelle’s key or password',
    },
    patients: {
      fr: 'ils y réservent encore, et rien de ce qui y est pris ne se ferme ailleurs : le risque de double réservation est réel',
      en: 'they can still book there, and nothing that is taken there is closed elsewhere: times may be sold twice',
    },
    toDo: {
      fr: 'demandez une nouvelle clé à la plateforme et mettez-la dans la configuration; cela ne se répare pas tout seul',
      en: 'ask the platform for a new key and put it into the configuration; this does not mend itself',
    },
  },
  forbidden: {
    what: {
      fr: 'la configuration ne permet pas d’appeler l’adresse de la plateforme',
      en: 'the configuration does not allow the platform’s address to be called',
    },
    patients: {
      fr: 'ils y réservent encore, et rien de ce qui y est pris ne se ferme ailleurs : le risque de double réservation est réel',
      en: 'they can still book there, and nothing that is taken there is closed elsewhere: times may be sold twice',
    },
    toDo: {
      fr: 'faites vérifier l’adresse et allowedTargets dans la configuration; cela ne se répare pas tout seul',
      en: 'have the address and allowedTargets in the configuration checked; this does not mend itself',
    },
  },
  malformed: {
    what: {
      fr: 'la plateforme répond autrement que convenu',
      en: 'the platform answers otherwise than agreed',
    },
    patients: {
      fr: 'ils y réservent encore; ce qui y est pris peut ne pas se fermer ailleurs',
      en: 'they can still book there; what is taken there may not be closed elsewhere',
    },
    toDo: {
      fr: 'elle a sans doute changé : appelez son soutien et celui de Passerelle',
      en: 'it has probably changed: call its support, and that of Passerelle',
    },
  },
  unsure: {
    what: {
      fr: 'une réponse de la plateforme s’est perdue : on ne sait pas si elle a fait ce qui lui était demandé',
      en: 'an answer of the platform was lost: whether it did what it was asked is not known',
    },
    patients: {
      fr: 'un rendez-vous peut y être pris ou annulé sans que cela se voie encore ici',
      en: 'an appointment may be booked or cancelled there without being seen here yet',
    },
    toDo: {
      fr: 'rien : Passerelle vérifie avant de redemander. Ne refaites pas le rendez-vous à la main',
      en: 'nothing: Passerelle looks before it asks again. Do not make the appointment anew by hand',
    },
  },
  unexpected: {
    what: {
      fr: 'une erreur imprévue empêche de parler à la plateforme',
      en: 'an error that nobody foresaw keeps Passerelle from the platform',
    },
    patients: {
      fr: 'ils y réservent encore; ce qui y est pris peut ne pas se fermer ailleurs',
      en: 'they can still book there; what is taken there may not be closed elsewhere',
    },
    toDo: {
      fr: 'appelez le soutien de Passerelle, avec l’heure du premier échec',
      en: 'call the support of Passerelle, with the time of the first failure',
    },
  },
};

/** What to do about each while a connection is set up, by whoever has its settings at hand. */
export const SETUP_ADVICE: Readonly<Record<MeantKind, Bilingual>> = {
  throttled: {
    fr: 'attendez un peu, et vérifiez que rien d’autre n’utilise les mêmes accès',
    en: 'wait, and make sure that nothing else uses the same credentials',
  },
  unavailable: {
    fr: 'vérifiez son adresse dans les réglages, et si cette machine peut l’atteindre (pare-feu, mandataire)',
    en: 'check its address under settings, and whether this machine may reach it (firewall, proxy)',
  },
  unauthorized: {
    fr: 'vérifiez ses accès auprès d’elle; ils sont dans les réglages de la connexion',
    en: 'check its credentials with the platform; they are named under settings in the configuration',
  },
  forbidden: {
    fr: 'si l’adresse est la bonne, ajoutez son hôte aux adresses internes permises de la connexion (allowedTargets)',
    en: 'where the address is right, add its host to the internal addresses that are allowed to the connection (allowedTargets)',
  },
  malformed: {
    fr: 'autre chose répond sans doute à cette adresse : vérifiez-la dans les réglages',
    en: 'something else answers at this address: check it under settings',
  },
  unsure: { fr: 'réessayez', en: 'try again' },
  unexpected: {
    fr: 'c’est un défaut de son connecteur : signalez-le',
    en: 'this is a defect of its adapter: report it',
  },
};

/** @param lastError as a connection has it: `<kind>: <message>`, or something else of what nobody foresaw. */
export function kindOfError(lastError: string | null): MeantKind | null {
  if (lastError === null) return null;
  const kind = lastError.slice(0, Math.max(0, lastError.indexOf(':')));
  return MEANT_KINDS.find((each) => each === kind) ?? 'unexpected';
}

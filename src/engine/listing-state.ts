import { FAULT_KINDS, type FaultKind } from '../adapter/faults.ts';
import { type Fingerprint, kindOf } from '../domain/listing.ts';
import type { Bilingual } from '../domain/schedule.ts';
import type { ListingRow, ListingState, SeenListing, Shown } from './ports/agenda.ts';

/** How a listing stands, in the words of who looks at it. Pure. */

export function seen(row: ListingRow): SeenListing {
  const { connectionId, scheduleId, kind, externalId, attempts, desired, known, since, knownAt } = row;
  const state = stateOf(row);
  const agrees = state === 'agrees';
  return {
    connectionId,
    scheduleId,
    kind,
    externalId,
    wanted: shownAs(desired),
    known: shownAs(known),
    state,
    since: agrees ? knownAt : since,
    differsSince: agrees ? null : since,
    attempts: agrees ? 0 : attempts,
    nextAttemptAt: agrees || row.nextAttemptAt === 0 ? null : row.nextAttemptAt,
    error: agrees || row.lastError === null || attempts === 0 ? null : troubleOf(row.lastError),
  };
}

function stateOf({ desired, known, unsure, isAsked, lastError, attempts }: ListingRow): ListingState {
  if (isAsked) return 'asked';
  if (unsure) return 'unsure';
  if (desired === known) return 'agrees';
  return lastError !== null && attempts > 0 ? 'failing' : 'waiting';
}

const SHOWN: Readonly<Record<string, Shown>> = {
  offer: 'open',
  block: 'closed',
  appointment: 'booked',
  hold: 'held',
};

const shownAs = (fingerprint: Fingerprint | null): Shown =>
  fingerprint === null ? 'nothing' : (SHOWN[kindOf(fingerprint)] ?? 'nothing');

const OF_FAULTS: Readonly<Record<FaultKind, Bilingual>> = {
  throttled: { fr: 'la plateforme demande d’attendre', en: 'the platform asks us to wait' },
  unavailable: { fr: 'la plateforme ne répond pas', en: 'the platform does not answer' },
  unauthorized: {
    fr: 'la plateforme refuse nos identifiants : un administrateur doit les revoir',
    en: 'the platform refuses our credentials: an administrator has to look at them',
  },
  forbidden: {
    fr: 'son adresse n’est pas permise par la configuration',
    en: 'its address is not allowed by the configuration',
  },
  malformed: {
    fr: 'la plateforme répond ce qu’on ne comprend pas',
    en: 'the platform answers what cannot be understood',
  },
  unsure: {
    fr: 'la réponse s’est perdue : on regarde ce qui y est',
    en: 'the answer was lost: we look at what stands there',
  },
};

/** What delivery writes down by itself: how each begins (deliver.ts, booked.ts). */
const OURS: readonly (readonly [string, Bilingual])[] = [
  [
    'its answer was lost',
    {
      fr: 'la réponse s’est perdue, et la prochaine lecture le dira',
      en: 'the answer was lost, and the next reading tells',
    },
  ],
  [
    'taken',
    { fr: 'l’heure y est déjà prise, ou y a changé', en: 'that time is taken there, or has changed' },
  ],
  [
    'accepted while',
    {
      fr: 'elle était en panne, et en sera avisée à son retour',
      en: 'it was down, and is told when it returns',
    },
  ],
  [
    'a patient has that time',
    {
      fr: 'un patient a cette heure là-bas, dit quelqu’un',
      en: 'a patient has that time there, as a person found',
    },
  ],
  [
    'who comes cannot be opened',
    {
      fr: 'qui vient ne peut être déchiffré ici : sa clé manque',
      en: 'who comes cannot be opened here: its key is missing',
    },
  ],
  [
    'this platform offers no',
    {
      fr: 'la plateforme n’offre pas cette opération : faites-le là-bas',
      en: 'the platform does not offer this: do it there',
    },
  ],
];

const UNEXPECTED: Bilingual = {
  fr: 'un échec imprévu, que le journal explique',
  en: 'an unexpected failure, which the log explains',
};

/** @param logged what was written down of it. @returns it in plain words, without what the platform said. */
export function troubleOf(logged: string): Bilingual {
  const fault = FAULT_KINDS.find((kind) => logged.startsWith(`${kind}: `));
  if (fault) return OF_FAULTS[fault];
  return OURS.find(([beginning]) => logged.startsWith(beginning))?.[1] ?? UNEXPECTED;
}

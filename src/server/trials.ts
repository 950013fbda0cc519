import type { Failure, Trial } from '../adapter/trial.ts';
import type { ConnectionTrial } from '../config/editing/editor.ts';
import type { ConfiguredConnection } from '../config/settings.ts';
import { FAULT_MEANINGS, SETUP_ADVICE } from '../contingency/fault-meanings.ts';
import { suggestLinks } from '../domain/calendar-suggestions.ts';
import type { Clock } from '../domain/environment.ts';
import { type Instant, MINUTE, SECOND } from '../domain/instant.ts';
import type { Bilingual } from '../domain/schedule.ts';
import { Refused } from '../fhir/outcomes.ts';
import type { TrialAnswer } from './contract/configuration.ts';

/** What is found of a connection that is tried before it is saved, in the words of whoever sets it up. */

/** Opens the connection, calls the platform once, and closes it again. */
export type TryConnection = (connection: ConfiguredConnection) => Promise<Trial>;

/** Each calls a platform that somebody just named: of all who ask together. */
const TRIALS_MAX = 20;
const WINDOW_MILLISECONDS = MINUTE;

/** @throws Refused, where there were too many in the last minute. */
export function trialThrottle(clock: Pick<Clock, 'now'>): () => void {
  let begun: readonly Instant[] = [];
  return () => {
    const now = clock.now();
    begun = begun.filter((at) => now - at < WINDOW_MILLISECONDS);
    const [first] = begun;
    if (first === undefined || begun.length < TRIALS_MAX) {
      begun = [...begun, now];
      return;
    }
    const seconds = Math.max(1, Math.ceil((first + WINDOW_MILLISECONDS - now) / SECOND));
    throw new Refused(
      'too-many-requests',
      {
        diagnostics: {
          fr: `plus de ${TRIALS_MAX} essais de connexions à la minute : réessayez dans ${seconds} s`,
          en: `more than ${TRIALS_MAX} trials of connections a minute: try again in ${seconds} s`,
        },
      },
      { 'retry-after': String(seconds) },
    );
  };
}

const NOTHING_LISTED: TrialAnswer['calendars'] = { canList: false, complete: false, found: [] };

export const notTried = (problems: TrialAnswer['problems']): TrialAnswer => ({
  problems,
  reached: null,
  calendars: NOTHING_LISTED,
});

type Tried = Extract<ConnectionTrial, { readonly problems: readonly [] }>;

/** @param onUnexpected is told of an error that nobody foresaw. */
export function trialAnswer(
  { connection, linked, linkable }: Tried,
  { milliseconds, failure, calendars }: Trial,
  onUnexpected: (error: unknown) => void,
): TrialAnswer {
  const { capabilities } = connection.adapter.manifest;
  const found = calendars !== null && 'found' in calendars ? calendars : null;
  const unlisted = calendars !== null && 'kind' in calendars ? calendars : null;
  for (const each of [failure, unlisted]) if (each?.kind === 'unexpected') onUnexpected(each.error);
  const suggestions = suggestLinks(found?.found ?? [], linkable, linked);
  const isCalled = capabilities.agenda === 'there' && !(capabilities.pull === 'none' && capabilities.lists);
  return {
    problems: [],
    reached: {
      isReached: failure === null,
      milliseconds,
      fault: (failure ?? unlisted)?.kind ?? null,
      says: failure ? unreached(failure) : isCalled ? reached(found, unlisted) : NOBODY_TO_CALL,
    },
    calendars: {
      canList: capabilities.calendars ?? false,
      complete: found?.complete ?? false,
      found: (found?.found ?? []).map(({ identifiers, ...calendar }) => ({
        ...calendar,
        identifiers: [...identifiers],
        linked: linked.get(calendar.id) ?? null,
        suggestion: suggestions.get(calendar.id) ?? null,
      })),
    },
  };
}

const NOBODY_TO_CALL: Bilingual = {
  fr: 'il n’y a rien à joindre : aucun programme ne parle à cette plateforme',
  en: 'there is nothing to reach: no program speaks to this platform',
};

const unreached = ({ kind }: Failure): Bilingual => both(FAULT_MEANINGS[kind].what, SETUP_ADVICE[kind]);

/** What is the matter, and what to do. */
const both = (what: Bilingual, toDo: Bilingual): Bilingual => ({
  fr: `${what.fr} : ${toDo.fr}`,
  en: `${what.en}: ${toDo.en}`,
});

function reached(found: Exclude<Trial['calendars'], Failure>, unlisted: Failure | null): Bilingual {
  if (unlisted) {
    const { fr, en } = unreached(unlisted);
    return {
      fr: `l’adresse et les accès sont bons, mais ses agendas n’ont pas pu être lus; ${fr}`,
      en: `address and credentials are right, but its calendars could not be read; ${en}`,
    };
  }
  if (!found) {
    return {
      fr: 'l’adresse et les accès sont bons; la plateforme ne peut pas dire quels agendas elle a : écrivez leurs identifiants',
      en: 'address and credentials are right; the platform cannot say which calendars it has: write their ids',
    };
  }
  const { length } = found.found;
  if (length === 0) {
    return {
      fr: 'l’adresse et les accès sont bons, mais ne montrent aucun agenda : faites-les partager par la plateforme',
      en: 'address and credentials are right, but show no calendar: have the platform share them',
    };
  }
  const [least, atLeast] = found.complete ? ['', ''] : ['au moins ', 'at least '];
  return {
    fr: `l’adresse et les accès sont bons; la plateforme a ${least}${length} agenda${length > 1 ? 's' : ''}`,
    en: `address and credentials are right; the platform has ${atLeast}${length} calendar${length > 1 ? 's' : ''}`,
  };
}

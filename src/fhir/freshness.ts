import { connectionUrl, EXTENSION } from '../../mappings/fhir/canonical.ts';
import type { Directory } from '../domain/directory.ts';
import type { Clock } from '../domain/environment.ts';
import { groupBy } from '../domain/group-by.ts';
import { formatInstant, SECOND } from '../domain/instant.ts';
import type { Calendar } from '../domain/schedule.ts';
import type { Freshness, Operations, SlotQuery } from '../engine/ports/front.ts';
import type { Issue } from './outcomes.ts';

/** Stale is said, not hidden (design.md, rule 6): where a slot comes from, and since when that is true. */

export type StaleCalendar = SlotQuery['staleCalendars'][number];

export type Confirmation = {
  readonly stale: boolean;
  /** The rest of a slot's meta and of the slot: `,"source":…}}`. */
  readonly tail: string;
  /** The same with one more extension of meta. */
  readonly tailWith: (extension: string) => string;
};

export type Confirmations = {
  /** As things stand now, for the rows of one answer: each calendar is asked for once. */
  readonly now: () => (connectionId: string, calendar: string) => Confirmation;
  /** Of these schedules, or of all when null. */
  readonly stale: (scheduleIds: readonly string[] | null) => readonly StaleCalendar[];
  /** One warning for each of their connections. */
  readonly warnings: (stale: readonly StaleCalendar[]) => (Issue & { readonly code: 'incomplete' })[];
};

/** A calendar that is configured no more is read no more. */
const FORGOTTEN: Freshness = { confirmedAt: null, stale: true };

export function confirmations(
  directory: Directory,
  operations: Pick<Operations, 'freshness'>,
  clock: Pick<Clock, 'now'>,
): Confirmations {
  // A roster has no slots that could be served.
  const served = directory.entries.calendars.filter(({ topology }) => topology !== 'shifts');
  const ofSchedule = groupBy(served, (calendar) => calendar.scheduleId);
  let everything: { readonly at: number; readonly calendars: readonly StaleCalendar[] } | null = null;

  const freshnessOf = (connectionId: string, calendar: string): Freshness =>
    directory.calendar(connectionId, calendar) ? operations.freshness(connectionId, calendar) : FORGOTTEN;

  const staleAmong = (calendars: readonly Calendar[]): readonly StaleCalendar[] =>
    calendars
      .filter(({ connectionId, externalId }) => freshnessOf(connectionId, externalId).stale)
      .map(({ connectionId, externalId }) => ({ connectionId, calendar: externalId }));

  // The same for thousands of rows between two readings.
  const written = new Map<string, Confirmation & Pick<Freshness, 'confirmedAt'>>();
  const confirmationOf = (connectionId: string, calendar: string): Confirmation => {
    const { stale, confirmedAt } = freshnessOf(connectionId, calendar);
    const last = written.get(connectionId);
    if (last?.stale === stale && last.confirmedAt === confirmedAt) return last;
    const freshness = { stale, confirmedAt };
    const next = {
      ...freshness,
      tail: tailOf(connectionId, freshness, []),
      tailWith: (extension: string) => tailOf(connectionId, freshness, [extension]),
    };
    written.set(connectionId, next);
    return next;
  };

  return {
    now() {
      const asked = new Map<string, Map<string, Confirmation>>();
      return (connectionId, calendar) => {
        let calendars = asked.get(connectionId);
        if (!calendars) {
          calendars = new Map();
          asked.set(connectionId, calendars);
        }
        let confirmation = calendars.get(calendar);
        if (!confirmation) {
          confirmation = confirmationOf(connectionId, calendar);
          calendars.set(calendar, confirmation);
        }
        return confirmation;
      };
    },

    stale(scheduleIds) {
      if (scheduleIds !== null) return staleAmong(scheduleIds.flatMap((id) => ofSchedule.get(id) ?? []));
      // A province has 14,000 calendars: not asked again for each search, and a second late does no harm.
      const now = clock.now();
      if (!everything || now - everything.at >= SECOND || now < everything.at) {
        everything = { at: now, calendars: staleAmong(served) };
      }
      return everything.calendars;
    },

    warnings: (stale) =>
      [...groupBy(stale, (calendar) => calendar.connectionId)].map(([connectionId, calendars]) => {
        const { title } = directory.connection(connectionId);
        const since = oldest(calendars.map((each) => freshnessOf(connectionId, each.calendar).confirmedAt));
        return {
          code: 'incomplete',
          diagnostics: {
            fr:
              `${title.fr} (${connectionId}) : ${since === null ? 'jamais confirmée' : `pas confirmée depuis ${since}`}; ` +
              'ce qui y était libre n’est donc pas servi comme libre; stale=include le sert comme on l’a vu en dernier',
            en:
              `${title.en} (${connectionId}): ${since === null ? 'never confirmed' : `not confirmed since ${since}`}, ` +
              'so what was free there is not served as free; stale=include serves it as it was last known',
          },
        };
      }),
  };
}

/** The end of what a slot was: how fresh it was then is not kept. */
export const sourceTail = (connectionId: string): string =>
  tailOf(connectionId, { confirmedAt: null, stale: false }, []);

function tailOf(connectionId: string, { confirmedAt, stale }: Freshness, more: readonly string[]): string {
  const extensions = [...more];
  if (confirmedAt !== null) {
    extensions.push(`{"url":"${EXTENSION.lastConfirmed}","valueInstant":"${formatInstant(confirmedAt)}"}`);
  }
  if (stale) extensions.push(`{"url":"${EXTENSION.stale}","valueBoolean":true}`);
  const source = `,"source":${JSON.stringify(connectionUrl(connectionId))}`;
  return extensions.length === 0 ? `${source}}}` : `${source},"extension":[${extensions.join(',')}]}}`;
}

/** The earliest as text; null as soon as one was never confirmed. */
function oldest(confirmed: readonly Freshness['confirmedAt'][]): string | null {
  let first: Freshness['confirmedAt'] = null;
  for (const at of confirmed) {
    if (at === null) return null;
    if (first === null || at < first) first = at;
  }
  return first === null ? null : formatInstant(first);
}

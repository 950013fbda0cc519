import { policyText, readPolicy } from '../../src/config/policy-text.ts';
import { Directory } from '../../src/domain/directory.ts';
import { DAY, formatInstant, HOUR, MINUTE, plus } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { DEFAULT_POLICY } from '../../src/domain/schedule.ts';
import type { Fact, Forecast, PolicyRecord, RecordedPeriod } from '../../src/engine/ports/policy-preview.ts';
import { previewOf } from '../../src/engine/preview/preview.ts';
import type { PolicyPreviewAnswer } from '../../src/server/contract/policies.ts';
import type { Shown } from '../../src/server/contract/route.ts';
import { at, entries, uuid } from './clinic.ts';

/** What a preview answers of a made-up week of one doctor whom two platforms share: some of it is otherwise under most rules. */

/** As in the demonstration, so that the page knows how they are called. */
const IDS: Readonly<Record<string, string>> = { east: 'bonjour-sante', west: 'rvsq' };
const TITLES: Readonly<Record<string, string>> = { east: 'Bonjour-santé', west: 'RVSQ' };

const START = plus(at(0), -9 * HOUR);
const WINDOW = { start: START, end: plus(START, 7 * DAY) };

function clinic(): Directory {
  const { connections, ...rest } = entries();
  const titled = connections.map((each) => {
    const title = TITLES[each.id] ?? each.id;
    return { ...each, title: { fr: title, en: title } };
  });
  return new Directory({ ...rest, connections: titled });
}

/** @param policy as it was sent. */
export function madeUpWeek(policy: unknown): Shown<typeof PolicyPreviewAnswer> {
  const read = readPolicy(renamed(policy));
  const { preview, ...answer } = {
    ...{ schedule: 'doctor-here', timeZone: 'America/Toronto', problems: [] },
    preview: previewOf(clinic(), record(), read.policy ?? DEFAULT_POLICY, () => true),
  };
  const { current, candidate, cases, complete, unknowns, window } = preview;
  return {
    ...answer,
    preview: {
      ...{ from: formatInstant(window.start), before: formatInstant(window.end), since: null },
      ...{ current: forecast(current), candidate: forecast(candidate) },
      cases: cases.map(({ interval, connectionId, at: when, ...each }) => ({
        ...each,
        ...{
          at: formatInstant(when),
          start: formatInstant(interval.start),
          end: formatInstant(interval.end),
        },
        connection: connectionId === null ? null : (IDS[connectionId] ?? connectionId),
      })),
      casesTotal: cases.length,
      ...{ complete, unknowns: [...unknowns] },
    },
  };
}

/** Of whatever platforms the demonstration has, the first two. */
function renamed(policy: unknown): unknown {
  const read = readPolicy(policy).policy;
  if (read?.sharing.mode !== 'allotted') return policy;
  return policyText({ ...read, sharing: { ...read.sharing, shares: { east: 1, west: 1 } } });
}

const forecast = ({ platforms, outages, ...rest }: Forecast) => ({
  ...rest,
  outages: outages.map(({ connectionId, kind, window, minutesAccepting }) => ({
    ...{ connection: IDS[connectionId] ?? connectionId, kind, minutesAccepting },
    ...{ start: formatInstant(window.start), end: formatInstant(window.end) },
  })),
  platforms: platforms.map(({ connectionId, ...figures }) => {
    const title = TITLES[connectionId] ?? connectionId;
    return { connection: IDS[connectionId] ?? connectionId, title: { fr: title, en: title }, ...figures };
  }),
});

function record(): PolicyRecord {
  let next = 0;
  const id = (): string => {
    next += 1;
    return uuid(next);
  };
  const hours = [0, 1, 2, 3, 4].flatMap((day) =>
    [0, 1, 2, 4, 5, 6].map((hour): Interval => {
      const start = plus(at(0), day * DAY + hour * HOUR);
      return { start, end: plus(start, HOUR) };
    }),
  );
  const thirds = hours.flatMap(({ start }) =>
    [0, 20, 40].map((minutes) => ({
      start: plus(start, minutes * MINUTE),
      end: plus(start, (minutes + 20) * MINUTE),
    })),
  );
  const booked = (interval: Interval, connectionId: string, daysBefore: number): RecordedPeriod => {
    const when = plus(interval.start, -daysBefore * DAY);
    const fact: Fact = { type: 'busy.observed', at: when, connectionId, interval };
    return {
      ...{ id: id(), scheduleId: 'doctor-here', kind: 'appointment', originId: connectionId, interval },
      ...{ expiresAt: null, changedAt: when, endedAt: null, facts: [fact] },
    };
  };
  const periods = thirds.flatMap((interval, index) =>
    index % 4 === 3 ? [] : [booked(interval, index % 3 === 0 ? 'west' : 'east', index % 5 < 3 ? 0.5 : 4)],
  );
  const [first] = thirds;
  const twice = first ? [booked(first, 'west', 6), booked(first, 'east', 5.9)] : [];
  const cancelled = thirds.slice(7, 8).map((interval): RecordedPeriod => {
    const period = booked(interval, 'east', 3);
    const when = plus(interval.start, -3 * HOUR);
    const fact: Fact = { type: 'appointment.cancelled', at: when, connectionId: 'east', interval };
    return { ...period, endedAt: when, facts: [...period.facts, fact] };
  });
  const [a, b] = twice;
  return {
    ...{ scheduleId: 'doctor-here', window: WINDOW, outages: [], accepted: [], since: null },
    slots: ['east', 'west'].flatMap((connectionId) =>
      thirds.map((interval) => ({
        ...{
          slotId: id(),
          scheduleId: 'doctor-here',
          connectionId,
          calendar: `${connectionId[0]}-doctor`,
          interval,
        },
      })),
    ),
    periods: [...periods.slice(1), ...twice, ...cancelled],
    conflicts: a && b ? [{ a, b, detectedAt: b.changedAt, settledAt: null }] : [],
    ...{ minutesWorked: 7 * 24 * 60, complete: true, readAt: WINDOW.end },
  };
}

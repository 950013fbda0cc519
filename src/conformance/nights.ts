import { Temporal } from 'temporal-polyfill';
import { type Instant, instant } from '../domain/instant.ts';
import { type Interval, interval } from '../domain/interval.ts';

/**
 * Times that platforms are known to get wrong, in zones of the country that differ: with daylight saving, with another
 * offset, and without any. They lie ahead of now, since many a platform takes nothing that is over.
 */

export const NIGHT_ZONES = ['America/Toronto', 'America/Halifax', 'America/Blanc-Sablon'] as const;
export type NightZone = (typeof NIGHT_ZONES)[number];

export type Night = {
  /** The local reading, for whoever reads a failure. */
  readonly local: string;
  readonly interval: Interval;
};

export const NIGHT_KINDS = [
  'clock-change',
  'repeated-hour',
  'midnight-and-noon',
  'over-midnight',
  'all-day',
] as const;
export type NightKind = (typeof NIGHT_KINDS)[number];

export const NIGHT_TITLES: Record<NightKind, string> = {
  'clock-change': 'times around both changes of the clocks',
  'repeated-hour': 'both halves of the hour that happens twice',
  'midnight-and-noon': 'times from and to midnight, and over noon',
  'over-midnight': 'times that end on the day after',
  'all-day': 'whole local days, of 23, 24 and 25 hours',
};

/** Behind what a platform that was made for the suite has in its agenda. */
const FAR_DAYS = 40;

/** Empty where the zone has none of the kind. @param now from which on they are looked for. */
export function nightsOf(kind: NightKind, zone: NightZone, now: Instant): readonly Night[] {
  const changes = changesAfter(now, zone);
  switch (kind) {
    case 'clock-change':
      // What lies in the hour that happens twice is another case: a platform that writes local times cannot tell its halves.
      return changes.flatMap((at) => {
        const doubled = goesBack(at) ? 60 : 0;
        return [
          // The last half hour before it, what goes over it, and the first after it.
          night(zone, at.subtract({ minutes: 30 + doubled }), 20),
          night(zone, at.subtract({ minutes: 10 + doubled }), 20 + 2 * doubled),
          night(zone, at.add({ minutes: 10 + doubled }), 20),
          night(zone, at.add({ minutes: 70 + doubled }), 20),
        ];
      });
    case 'repeated-hour':
      return changes
        .filter(goesBack)
        .flatMap((at) => [
          night(zone, at.subtract({ minutes: 30 }), 20),
          night(zone, at.subtract({ minutes: 10 }), 20),
          night(zone, at.add({ minutes: 10 }), 20),
          night(zone, at.add({ minutes: 30 }), 20),
        ]);
    case 'midnight-and-noon':
      return onDaysOfTheirOwn(['00:00', '00:30', '11:50', '12:00', '12:30', '23:40'], zone, now);
    case 'over-midnight':
      return onDaysOfTheirOwn(['23:50', '23:59'], zone, now);
    case 'all-day': {
      const days = changes.map((at) => at.toPlainDate());
      const usual = dayAfter(now, zone, FAR_DAYS + 10);
      // Once before each change that day is the change's own, and a platform takes it once only.
      const isTaken = days.some((day) => day.equals(usual));
      return [...days, isTaken ? usual.add({ days: 1 }) : usual].map((day) => wholeDay(zone, day));
    }
  }
}

const onDaysOfTheirOwn = (times: readonly string[], zone: string, now: Instant): readonly Night[] =>
  times.map((plainTime, index) =>
    night(zone, dayAfter(now, zone, FAR_DAYS + index).toZonedDateTime({ timeZone: zone, plainTime }), 20),
  );

function night(zone: string, start: Temporal.ZonedDateTime, minutes: number): Night {
  const end = start.add({ minutes });
  return {
    local: `${start.toString({ timeZoneName: 'never' })} to ${end.toString({ timeZoneName: 'never' })} in ${zone}`,
    interval: interval(instant(start.epochMilliseconds), instant(end.epochMilliseconds)),
  };
}

function wholeDay(zone: string, day: Temporal.PlainDate): Night {
  const [start, end] = [day, day.add({ days: 1 })].map(
    (each) => each.toZonedDateTime(zone).epochMilliseconds,
  );
  return {
    local: `the whole of ${day.toString()} in ${zone}`,
    interval: interval(instant(start ?? Number.NaN), instant(end ?? Number.NaN)),
  };
}

const dayAfter = (now: Instant, zone: string, days: number): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate().add({ days });

/**
 * The next two, one of each, at least a day from now. Where clocks stay, the same moments of a neighbour's: whoever takes
 * one zone for the other shows it there.
 */
function changesAfter(now: Instant, zone: string): readonly Temporal.ZonedDateTime[] {
  const from = Temporal.Instant.fromEpochMilliseconds(now).add({ hours: 24 });
  const first = from.toZonedDateTimeISO(NIGHT_ZONES[0]).getTimeZoneTransition('next');
  const second = first?.getTimeZoneTransition('next');
  return [first, second].flatMap((change) => {
    if (!change) return [];
    // Zones of one country change on the same night, each by its own clock.
    const own = change.toPlainDateTime().subtract({ hours: 12 }).toZonedDateTime(zone);
    const next = own.getTimeZoneTransition('next');
    const isSoon = next !== null && next.epochMilliseconds - own.epochMilliseconds < 86_400_000;
    return [isSoon ? next : change.withTimeZone(zone)];
  });
}

const goesBack = (change: Temporal.ZonedDateTime): boolean =>
  change.offsetNanoseconds < change.subtract({ nanoseconds: 1 }).offsetNanoseconds;

import { z } from 'zod';
import { HOUR, MINUTE } from '../domain/instant.ts';
import type { Policy } from '../domain/schedule.ts';
import { milliseconds } from './duration.ts';

/** The rules of a schedule as they are written; docs/policies.md says what each costs. */

const HOURS_MAX = 8_760;

const hours = (description: string) => z.number().min(0).max(HOURS_MAX).meta({ description });

const Cancellation = z.strictObject({
  untilHoursBefore: hours('hours before the start until when it may be cancelled through Passerelle').default(
    0,
  ),
});

const Accept = z.strictObject({
  mode: z.literal('accept').meta({ description: 'accept bookings on behalf of the home platform' }),
  forHours: z.number().positive().max(HOURS_MAX).optional().meta({
    description: 'hours since the platform began to fail for which they are accepted; left out: all along',
  }),
  untilHoursBefore: hours('hours before its start until when one is accepted').default(0),
});

const Failover = z.union([Accept, z.enum(['refuse', 'accept'])], {
  error: 'must be refuse, accept, or such as { mode: accept, forHours: 96, untilHoursBefore: 2 }',
});

const DAYS_MAX = 366;

const AtMidnight = z.strictObject({
  daysBefore: z
    .int()
    .min(0)
    .max(DAYS_MAX)
    .meta({
      description: 'days before its own at whose midnight, at the location, it is released; 0 = its own',
      examples: [7],
    }),
});

const ReleaseAt = z
  .strictObject({
    hoursBefore: z.number().positive().max(HOURS_MAX).optional().meta({
      description: 'hours before its start',
    }),
    atMidnight: AtMidnight.optional().meta({ description: 'at a midnight' }),
  })
  .refine(({ hoursBefore, atMidnight }) => (hoursBefore === undefined) !== (atMidnight === undefined), {
    error: 'must have one of hoursBefore, atMidnight',
  });

const Release = z.union([ReleaseAt, z.literal('always')], {
  error: 'must be always, or such as { hoursBefore: 48 } or { atMidnight: { daysBefore: 7 } }',
});

const HOLD_MINUTES_MAX = 60;

const holdMinutes = (description: string) =>
  z.number().positive().max(HOLD_MINUTES_MAX).meta({ description });

const Holds = z
  .strictObject({
    minutes: holdMinutes('minutes for which a slot is held where the caller does not say').optional(),
    maxMinutes: holdMinutes('minutes for which it is held at the most').default(30),
  })
  .refine(({ minutes, maxMinutes }) => minutes === undefined || minutes <= maxMinutes, {
    error: 'must be maxMinutes at the most',
    path: ['minutes'],
  });

/** A day can be divided by each: units of a day are the same whatever the day. */
const UNIT_MINUTES = [15, 20, 30, 60, 90, 120, 180, 240, 360, 480, 720, 1440] as const;
const SHARE_MAX = 100;

const AllottedDocument = z.strictObject({
  mode: z.literal('allotted').meta({ description: 'each unit of the day is on offer at one platform only' }),
  shares: z.record(z.string(), z.int().min(1).max(SHARE_MAX)).meta({
    description: 'by connection, so many parts of all of them',
    examples: [{ private: 2, public: 1 }],
  }),
  unitMinutes: z.literal(UNIT_MINUTES).default(60).meta({
    description:
      'minutes of a unit, from midnight by the wall clock; a slot that lies across two is on offer nowhere',
  }),
  pooledHoursBefore: hours('hours before its start from when every platform sells it'),
});

const SharingDocument = z.union([AllottedDocument, z.enum(['shared', 'hold-first'])], {
  error:
    'must be shared, hold-first, or such as { mode: allotted, shares: { private: 2, public: 1 }, pooledHoursBefore: 24 }',
});

const rosterAction = (description: string) => z.enum(['close', 'report']).meta({ description });

const Roster = z.strictObject({
  withdrawn: rosterAction(
    'free time of a shift that was withdrawn or moved: close it on every platform, or only report it',
  ).default('close'),
  outside: rosterAction(
    'free time for which no shift was published, within the published period: close it, or only report it',
  ).default('report'),
});

export const PolicyDocument = z.strictObject({
  sharing: SharingDocument.default('shared').meta({
    description:
      'shared: every platform sells; hold-first: what is booked through Passerelle is closed on all others first; allotted: each unit of time is on one platform only, by shares',
  }),
  failover: Failover.default('refuse').meta({
    description:
      'when the home platform is down: refuse bookings through Passerelle, or accept and write later',
  }),
  release: Release.default('always').meta({
    description: 'from when a slot may be booked through Passerelle, and is published elsewhere',
  }),
  freshnessMinutes: z.number().min(0.1).max(10_080).optional().meta({
    description:
      'minutes without a confirmed reading after which its slots are not served as free; the connection’s where that is less',
  }),
  holds: Holds.prefault({}).meta({ description: 'for how long a slot may be held' }),
  cancellation: Cancellation.prefault({}).meta({ description: 'how late patients may cancel' }),
  roster: Roster.prefault({}).meta({
    description:
      'what becomes of time on offer that the linked roster does not have; booked time always stays',
  }),
  conflicts: z.enum(['ask', 'keep-first']).default('ask').meta({
    description:
      'when two platforms sold the same time: ask a person, or keep the booking made first and cancel the other patient’s',
  }),
});

export const policyOf = ({ freshnessMinutes, ...document }: z.output<typeof PolicyDocument>): Policy => ({
  ...document,
  sharing: sharingOf(document.sharing),
  failover: failoverOf(document.failover),
  release: releaseOf(document.release),
  holds: holdsOf(document.holds),
  cancellation: { untilMillisecondsBefore: milliseconds(document.cancellation.untilHoursBefore, HOUR) },
  freshnessMilliseconds: freshnessMinutes === undefined ? null : milliseconds(freshnessMinutes, MINUTE),
});

function sharingOf(written: z.output<typeof SharingDocument>): Policy['sharing'] {
  if (typeof written === 'string') return { mode: written };
  const { pooledHoursBefore, ...allotted } = written;
  return { ...allotted, pooledMillisecondsBefore: milliseconds(pooledHoursBefore, HOUR) };
}

/** What is usual is never more than what is allowed. */
const holdsOf = ({
  maxMinutes,
  minutes = Math.min(5, maxMinutes),
}: z.output<typeof Holds>): Policy['holds'] => ({
  usualMilliseconds: milliseconds(minutes, MINUTE),
  mostMilliseconds: milliseconds(maxMinutes, MINUTE),
});

function failoverOf(written: z.output<typeof Failover>): Policy['failover'] {
  if (written === 'refuse') return { mode: 'refuse' };
  const { forHours, untilHoursBefore = 0 } = written === 'accept' ? {} : written;
  return {
    mode: 'accept',
    forMilliseconds: forHours === undefined ? null : milliseconds(forHours, HOUR),
    untilMillisecondsBefore: milliseconds(untilHoursBefore, HOUR),
  };
}

function releaseOf(written: z.output<typeof Release>): Policy['release'] {
  if (written === 'always') return { kind: 'always' };
  const { hoursBefore, atMidnight } = written;
  if (hoursBefore !== undefined) return { kind: 'before', milliseconds: milliseconds(hoursBefore, HOUR) };
  return atMidnight ? { kind: 'midnight', ...atMidnight } : { kind: 'always' };
}

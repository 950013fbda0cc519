import { midnight } from '../../adapter/zone.ts';
import type { Directory } from '../../domain/directory.ts';
import type { Clock } from '../../domain/environment.ts';
import { DAY, earlier, type Instant, plus } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import { actorOf } from '../../domain/schedule.ts';
import type { PeriodKey, PolicyPreviews, PolicyRecord, PolicyRecordReader } from '../ports/policy-preview.ts';
import { previewOf } from './preview.ts';

/** Reads the last days of a schedule, in pages, and asks what they would have been under another policy. */

export type PreviewDependencies = {
  readonly directory: Directory;
  readonly reader: PolicyRecordReader;
  /** Whether a platform takes cancellations. */
  readonly cancels: (connectionId: string) => boolean;
  readonly clock: Pick<Clock, 'now'>;
};

const DAYS = 7;
const PAGE = 500;
/** Of a walk-in of many lanes a week has some thousands. */
const PERIODS_MAX = 5_000;
const SLOTS_MAX = 5_000;
const CONFLICTS_MAX = 500;
const ACCEPTED_MAX = 2_000;

export const createPolicyPreviews = ({
  directory,
  reader,
  cancels,
  clock,
}: PreviewDependencies): PolicyPreviews => ({
  preview: async (scheduleId, candidate, week) => {
    const now = clock.now();
    const zone = directory.zoneOf(scheduleId);
    const start = midnight(now, zone, week === 'last' ? -DAYS : 0);
    const window = { start, end: midnight(now, zone, week === 'last' ? 0 : DAYS) };
    const record = await recordOf(directory, reader, { scheduleId, window, now });
    return previewOf(directory, record, candidate, cancels);
  },
});

async function recordOf(
  directory: Directory,
  reader: PolicyRecordReader,
  { scheduleId, window, now }: { scheduleId: string; window: Interval; now: Instant },
): Promise<PolicyRecord> {
  const connectionIds = [
    ...new Set(
      directory.calendarsOf(actorOf(directory.schedule(scheduleId))).map(({ connectionId }) => connectionId),
    ),
  ];
  const slots = await pages(
    SLOTS_MAX,
    (page) => reader.recordedSlots({ scheduleId, window, ...page }),
    slotKey,
  );
  const periods = await pages(
    PERIODS_MAX,
    (page) => reader.recordedPeriods({ scheduleId, window, ...page }),
    ({ id, interval }) => ({ id, start: interval.start }),
  );
  const conflicts = await reader.recordedConflicts({ scheduleId, window, limit: CONFLICTS_MAX + 1 });
  const accepted = await reader.recordedAccepted({ scheduleId, window, limit: ACCEPTED_MAX + 1 });
  // What is booked of a day was booked days before it.
  const before = { start: plus(earlier(window.start, now), -DAYS * DAY), end: earlier(window.end, now) };
  const outages = await reader.recordedOutages(connectionIds, before);
  const { since, minutes } = await reader.recordedSince(scheduleId, connectionIds, window);
  return {
    ...{ scheduleId, window, slots: slots.found, periods: periods.found },
    conflicts: conflicts.slice(0, CONFLICTS_MAX),
    accepted: accepted.slice(0, ACCEPTED_MAX),
    ...{ outages, since, minutesWorked: minutes, readAt: now },
    complete:
      slots.isAll && periods.isAll && conflicts.length <= CONFLICTS_MAX && accepted.length <= ACCEPTED_MAX,
  };
}

const slotKey = ({ slotId, interval }: PolicyRecord['slots'][number]): PeriodKey => ({
  id: slotId,
  start: interval.start,
});

async function pages<Row>(
  most: number,
  read: (page: { readonly after: PeriodKey | null; readonly limit: number }) => Promise<Row[]>,
  keyOf: (row: Row) => PeriodKey,
): Promise<{ readonly found: readonly Row[]; readonly isAll: boolean }> {
  const found: Row[] = [];
  while (found.length < most) {
    const last = found.at(-1);
    const rows = await read({ after: last ? keyOf(last) : null, limit: PAGE });
    found.push(...rows);
    if (rows.length < PAGE) return { found, isAll: true };
  }
  return { found, isAll: false };
}

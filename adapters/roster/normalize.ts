import { createHash } from 'node:crypto';
import { type CodeMap, translate } from '../../src/adapter/concept-map.ts';
import type { ObservedShift, Rejected } from '../../src/adapter/observation.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import { SHIFT_TASKS } from '../../src/domain/shift.ts';
import { unmappedCode } from '../../src/domain/unmapped.ts';
import type { ShiftRecord } from './record.ts';
import type { Whose } from './whose.ts';

/** Records of a roster to shifts. Pure. */

export type Normalized = {
  readonly shifts: readonly ObservedShift[];
  readonly rejected: readonly Rejected[];
};

/** @param own the calendar that all of them are of; null = each says whose it is. */
export function normalize(
  records: readonly ShiftRecord[],
  own: string | null,
  whose: Whose,
  tasks: CodeMap,
): Normalized {
  const shifts: ObservedShift[] = [];
  const rejected: Rejected[] = [];
  for (const record of records) {
    const externalId = record.id ?? nameOf(record);
    if (own === null && record.practitioner === null) {
      rejected.push({ externalId, reason: 'practitioner: missing', raw: record.raw });
      continue;
    }
    const [task = null] =
      translate(record.task === null ? null : [record.task], tasks, SHIFT_TASKS, (code) => {
        rejected.push({ externalId, reason: unmappedCode(code, 'task'), raw: record.raw });
      }) ?? [];
    const { interval, place, period, publishedAt, revision } = record;
    const calendar = own ?? whose(record.practitioner ?? '', place);
    shifts.push({ externalId, calendar, interval, task, place, period, publishedAt, revision });
  }
  return { shifts: unique(shifts), rejected };
}

/** A roster that does not name its shifts: one that is moved is another. */
const nameOf = ({ practitioner, place, interval: { start, end }, task }: ShiftRecord): string =>
  createHash('sha256')
    .update(JSON.stringify([practitioner, place, formatInstant(start), formatInstant(end), task]))
    .digest('hex')
    .slice(0, 32);

/** What is told twice is one; of two under one name the last counts. */
const unique = (shifts: readonly ObservedShift[]): readonly ObservedShift[] => [
  ...new Map(shifts.map((shift) => [`${shift.calendar}\n${shift.externalId}`, shift])).values(),
];

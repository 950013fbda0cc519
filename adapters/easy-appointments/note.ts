import { type Mark, markOf, subjectOf } from '../../src/adapter/observation.ts';
import { formatInstant, parseInstant } from '../../src/domain/instant.ts';
import { type Interval, interval } from '../../src/domain/interval.ts';
import { intervalOf, isExact, type LocalSpan, spanOf } from './local.ts';

/**
 * What we write into the notes of a record: our mark, and where the local times say more than is meant, the interval in
 * UTC beside it. The clinic sees it, and may write before or after it.
 */

const MARK = /passerelle:[0-9a-f-]{36}(?![\w-])/;
const MEANT = /^ (\d{4}-\d\d-\d\dT[\d:.]{5,12}Z)\/(\d{4}-\d\d-\d\dT[\d:.]{5,12}Z)/;

export const noteOf = (mark: Mark, wanted: Interval, zone: string): string =>
  isExact(wanted, zone) ? mark : `${mark} ${formatInstant(wanted.start)}/${formatInstant(wanted.end)}`;

export function markIn(notes: string | null): Mark | null {
  const subject = subjectOf(MARK.exec(notes ?? '')?.[0]);
  return subject === null ? null : markOf(subject);
}

/** The interval of a record: what the note says as long as the times are those that we wrote for it. @throws RangeError */
export function timeOf(row: LocalSpan & { readonly notes?: string | null }, zone: string): Interval {
  const meant = meantIn(row.notes ?? '');
  if (meant) {
    const { start, end } = spanOf(meant, zone);
    if (start === row.start && end === row.end) return meant;
  }
  return intervalOf(row, zone);
}

function meantIn(notes: string): Interval | null {
  const mark = MARK.exec(notes);
  const [, start = '', end = ''] = mark ? (MEANT.exec(notes.slice(mark.index + mark[0].length)) ?? []) : [];
  if (start === '') return null;
  try {
    return interval(parseInstant(start), parseInstant(end));
  } catch {
    return null;
  }
}

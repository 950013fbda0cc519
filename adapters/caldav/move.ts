import type { Move, Written } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { sameInterval } from '../../src/domain/interval.ts';
import { afterWriting, busyIn, confirmed, type Desk, done, GONE, isInstance, lookAt, TAKEN } from './desk.ts';
import { getResource, putResource } from './resource.ts';
import { withTime } from './retime.ts';

/**
 * Gives an event another time, whoever wrote it. As for a booking no server refuses an overlap: look, write, and look
 * again; whoever finds another there puts the event back where it was.
 */
export async function move(desk: Desk, { calendar: id, known, interval }: Move): Promise<Written> {
  const calendar = desk.calendarOf(id);
  const href = known.externalId;
  if (isInstance(href)) return TAKEN;
  const standing = await getResource(desk.server, href);
  if (standing === null) return GONE;
  const { rows, rejected, shape } = busyIn(standing, calendar, interval);
  const [row] = rows;
  if (row === undefined || rejected.length > 0 || shape !== 'single') return TAKEN;
  // The same command before, whose answer was lost.
  if (sameInterval(row.interval, interval)) return done(href, standing.etag);
  const isChanged = known.revision !== null && known.revision !== standing.etag;
  if (isChanged || standing.etag === null || row.busyKind !== 'appointment') return TAKEN;
  const text = withTime(standing.text, interval, desk.clock.now());
  if (text === null || (await lookAt(desk, calendar, interval, href)).isTaken) return TAKEN;
  const put = await putResource(desk.server, href, text, { 'if-match': standing.etag });
  if (put.kind === 'precondition' && (await getResource(desk.server, href)) === null) return GONE;
  if (put.kind !== 'done') return TAKEN;
  const written = await confirmed(desk, href, put.etag);
  return afterWriting(async () => {
    if (!(await lookAt(desk, calendar, interval, href)).isTaken) return written;
    const etag = written.outcome === 'done' ? written.revision : null;
    const back = await putResource(desk.server, href, standing.text, { 'if-match': etag ?? '*' });
    if (back.kind !== 'done') throw new Fault('unsure', `PUT ${href}: changed since we wrote it`);
    return TAKEN;
  });
}

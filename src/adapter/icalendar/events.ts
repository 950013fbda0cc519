import { type Instant, instant } from '../../domain/instant.ts';
import { parseWall } from '../../domain/recurrence/wall.ts';
import { type Component, parameterOf, propertiesOf, textOf } from './jcal.ts';

/** What events say of themselves, besides their times. */

/** Events of one UID belong together (RFC 5545, 3.8.4.4); one without UID stands for itself. */
export function groupByUid(events: readonly Component[]): readonly (readonly Component[])[] {
  const groups: Component[][] = [];
  const byUid = new Map<string, Component[]>();
  for (const event of events) {
    const uid = textOf(event, 'uid');
    const group = uid === null ? undefined : byUid.get(uid);
    const isMaster = textOf(event, 'recurrence-id') === null;
    // Two masters of one UID are two events, whatever wrote them.
    if (group && !(isMaster && group.some((each) => textOf(each, 'recurrence-id') === null))) {
      group.push(event);
      continue;
    }
    const started = [event];
    groups.push(started);
    if (uid !== null && !group) byUid.set(uid, started);
  }
  return groups;
}

/**
 * TRANSP:TRANSPARENT (3.8.2.7), STATUS:CANCELLED (3.8.1.11) and what the owner declined (3.2.12) take no time.
 * @param owner e-mail address of the calendar's owner.
 */
export function takesTime(event: Component, owner: string | null): boolean {
  if (textOf(event, 'transp')?.toUpperCase() === 'TRANSPARENT') return false;
  if (textOf(event, 'status')?.toUpperCase() === 'CANCELLED') return false;
  if (owner === null) return true;
  const address = `mailto:${owner}`.toLowerCase();
  return !propertiesOf(event, 'attendee').some(
    (attendee) =>
      String(attendee.values[0]).toLowerCase() === address &&
      parameterOf(attendee, 'partstat')?.toUpperCase() === 'DECLINED',
  );
}

/** When it was changed last or else made, where it says so in UTC (3.8.7). */
export const changeOf = (event: Component): Instant | null =>
  stampOf(event, 'last-modified') ?? stampOf(event, 'created');

function stampOf(event: Component, name: string): Instant | null {
  const text = textOf(event, name);
  if (!text?.endsWith('Z')) return null;
  const read = parseWall(text.slice(0, -1));
  return read === null ? null : instant(read);
}

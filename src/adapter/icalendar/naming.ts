import { createHash } from 'node:crypto';
import { type Component, propertyOf, textOf } from './jcal.ts';

/**
 * External ids. A UID is a text of somebody else's that may name a person (RFC 7986, 5.3 asks not to, and RFC 5545 asked
 * for an address), so it is kept as its hash.
 */

export const nameOfUid = (uid: string): string => hash('uid', uid);

/** The group's master, or the first of its overrides where that is missing. */
const headOf = (group: readonly Component[]): Component | undefined =>
  group.find((event) => !propertyOf(event, 'recurrence-id')) ?? group[0];

/**
 * A name for each group of events. One without UID is named by what it says; so is each of several events that share a
 * UID, beside it. Of those that say the same the order counts.
 */
export function namesOf(groups: readonly (readonly Component[])[]): readonly string[] {
  const uids = groups.map((group) => (group[0] ? textOf(group[0], 'uid') : null));
  const taken = new Map<string, number>();
  const count = (name: string): number => {
    const times = (taken.get(name) ?? 0) + 1;
    taken.set(name, times);
    return times;
  };
  const shared = new Set(uids.filter((uid, index) => uid !== null && uids.indexOf(uid) !== index));
  return groups.map((group, index) => {
    const uid = uids[index] ?? null;
    if (uid !== null && !shared.has(uid)) return nameOfUid(uid);
    const content = hash('content', JSON.stringify(SAYING.map((name) => sayingOf(headOf(group), name))));
    const name = uid === null ? content : `${nameOfUid(uid)}.${content}`;
    const times = count(name);
    return times === 1 ? name : `${name}.${times}`;
  });
}

/** What tells one event from another, and stays when the feed is written anew; DTSTAMP does not. */
const SAYING = ['dtstart', 'dtend', 'duration', 'rrule', 'rdate', 'summary', 'location'];

const sayingOf = (event: Component | undefined, name: string): unknown => {
  const property = event && propertyOf(event, name);
  return property ? [property.parameters, property.values] : null;
};

const hash = (kind: string, text: string): string =>
  createHash('sha256').update(`${kind}\n${text}`).digest('hex').slice(0, 32);

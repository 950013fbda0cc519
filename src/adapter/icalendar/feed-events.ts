import { formatInstant } from '../../domain/instant.ts';
import { type Interval, overlaps } from '../../domain/interval.ts';
import type { Rejected } from '../observation.ts';
import { groupByUid } from './events.ts';
import { type Block, valueIn } from './feed.ts';
import { type Instance, instancesOf, type ZoneOf } from './instances.ts';
import { type Component, parseCalendars, textOf } from './jcal.ts';
import { nameOfUid, namesOf } from './naming.ts';
import type { Zones } from './zones.ts';

/** The events of a feed, instance by instance, each under the name that a row of it has. Pure. */

export type NamedInstance = { readonly externalId: string; readonly instance: Instance };

export type FeedEvents = {
  /** Those that lie in the range, at least in part. */
  readonly instances: readonly NamedInstance[];
  readonly rejected: readonly Rejected[];
  /** Something stands in the feed of which nobody can say which rows it had: absence means nothing then. */
  readonly isUncertain: boolean;
};

export function eventsIn(blocks: readonly Block[], zoneOf: ZoneOf, range: Interval): FeedEvents {
  const found: NamedInstance[] = [];
  const rejected: Rejected[] = [];
  const events: { readonly event: Component; readonly block: Block }[] = [];
  const unread: Block[] = [];
  for (const block of blocks) {
    if (block.name !== 'vevent') continue;
    const event = componentIn(block);
    if (event) events.push({ event, block });
    else unread.push(block);
  }
  const known = new Set(events.map(({ event }) => textOf(event, 'uid')));
  let isUncertain = false;
  for (const { text } of unread) {
    const uid = valueIn(text, 'UID');
    // It may be one instance of a series of which the rest can be read, or one of two events of that name.
    if (uid === null || known.has(uid)) isUncertain = true;
    rejected.push({
      externalId: uid === null ? null : nameOfUid(uid),
      reason: 'vevent: not iCalendar (RFC 5545)',
      raw: text,
    });
  }
  const blockOf = new Map(events.map(({ event, block }) => [event, block]));
  const groups = groupByUid(events.map(({ event }) => event));
  const names = namesOf(groups);
  for (const [index, group] of groups.entries()) {
    const name = names[index] ?? '';
    const { instances, recurring, problems } = instancesOf(group, zoneOf, range);
    const raw = group.map((event) => blockOf.get(event)?.text ?? '').join('\r\n');
    for (const reason of problems) rejected.push({ externalId: name, reason, raw });
    for (const instance of instances) {
      if (!overlaps(instance.interval, range)) continue;
      const externalId = recurring ? `${name}#${formatInstant(instance.recurrence)}` : name;
      found.push({ externalId, instance });
    }
  }
  return { instances: found, rejected, isUncertain };
}

export const wrapped = (...texts: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...texts, 'END:VCALENDAR', ''].join('\r\n');

/** Null when it cannot be read, or does not go to its end. */
export function componentIn({ text, isWhole }: Block): Component | null {
  if (!isWhole) return null;
  const parsed = parseCalendars(wrapped(text));
  return parsed.kind === 'calendars' ? (parsed.calendars[0]?.components[0] ?? null) : null;
}

/** A VTIMEZONE that cannot be read defines none, and whoever names it is rejected. */
export function zonesIn(blocks: readonly Block[], zones: Zones): ZoneOf {
  const components = zoneBlocks(blocks).flatMap((block) => componentIn(block) ?? []);
  const calendar: Component = { name: 'vcalendar', properties: [], components };
  return (tzid) => (tzid === null ? zones.own : zones.byTzid(tzid, [calendar]));
}

export const zoneBlocks = (blocks: readonly Block[]): readonly Block[] =>
  blocks.filter(({ name, isWhole }) => name === 'vtimezone' && isWhole);

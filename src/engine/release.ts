import { midnight } from '../adapter/zone.ts';
import type { Directory } from '../domain/directory.ts';
import { type Instant, later, plus } from '../domain/instant.ts';
import type { Interval } from '../domain/interval.ts';
import type { Release } from '../domain/schedule.ts';
import { allottedOf, pooledAt } from './shares.ts';

/**
 * Which slots may be booked already. Nothing is stored of it: of every rule a slot that starts sooner is released no
 * later, so at each moment the rule is one bound on the start, and it moves by itself as time goes by.
 */

/** When a slot with this start may be booked from; null = since ever. */
export function releasedAt(release: Release, zone: string, start: Instant): Instant | null {
  switch (release.kind) {
    case 'always':
      return null;
    case 'before':
      return plus(start, -release.milliseconds);
    case 'midnight':
      return midnight(start, zone, -release.daysBefore);
  }
}

/** The start from which on slots may not be booked yet; null = all may. */
export function releasedUntil(release: Release, zone: string, now: Instant): Instant | null {
  switch (release.kind) {
    case 'always':
      return null;
    case 'before':
      return plus(now, release.milliseconds + 1);
    case 'midnight':
      return midnight(now, zone, release.daysBefore + 1);
  }
}

/** The same of a schedule; one that is configured no more has no rule. */
export function scheduleReleasedUntil(
  directory: Directory,
  scheduleId: string,
  now: Instant,
): Instant | null {
  const { release } = directory.policyOf(scheduleId);
  return release.kind === 'always' ? null : releasedUntil(release, directory.zoneOf(scheduleId), now);
}

/** When a slot of the schedule may be booked from, if that is still to come; null = it may be now. */
export function bookableFrom(
  directory: Directory,
  scheduleId: string,
  start: Instant,
  now: Instant,
): Instant | null {
  const { release } = directory.policyOf(scheduleId);
  if (release.kind === 'always') return null;
  const from = releasedAt(release, directory.zoneOf(scheduleId), start);
  return from !== null && now < from ? from : null;
}

/**
 * The same of a slot, whose time may be another platform's to sell until all time is pooled: at the latest then it may be
 * booked here.
 */
export function slotBookableFrom(
  directory: Directory,
  slot: { readonly scheduleId: string; readonly interval: Interval; readonly withheld: boolean },
  now: Instant,
): Instant | null {
  const { scheduleId, interval, withheld } = slot;
  const released = bookableFrom(directory, scheduleId, interval.start, now);
  if (!withheld) return released;
  const rule = allottedOf(directory, scheduleId);
  const pooled = rule ? pooledAt(rule, interval, directory.zoneOf(scheduleId)) : now;
  return later(later(pooled, now), released ?? now);
}

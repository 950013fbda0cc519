import { earlier, type Instant, later, plus } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';

/**
 * Until when a person should have done it: within so long, and before the time begins, since nobody books it later. What
 * has begun is due at once.
 */
export function dueAt(now: Instant, withinMilliseconds: number, { start }: Pick<Interval, 'start'>): Instant {
  return later(now, earlier(plus(now, withinMilliseconds), start));
}

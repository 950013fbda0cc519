import { HOUR, type Instant, MINUTE, plus } from '../../../src/domain/instant.ts';
import type { Dice } from '../dice.ts';
import { calm, type Site, type SiteFaults } from '../site.ts';
import type { Timeline } from '../timeline.ts';
import type { Span, Timetable } from './timetable.ts';

/** The vendor's troubles as the timetable has them: down, and for days after that good hours and bad ones. */

/** After a recovery: the first pass of the backlog is to be seen by itself. */
const GOOD_AT_FIRST_MILLISECONDS = 2 * HOUR;

const BAD: readonly ((faults: SiteFaults, dice: Dice) => void)[] = [
  (faults, dice) => {
    faults.fails = dice.between(0.1, 0.6);
    faults.failsAfter = dice.between(0, 0.2);
  },
  (faults, dice) => {
    faults.latencyMilliseconds = dice.whole(1_000, 6_000);
  },
  (faults, dice) => {
    faults.throttles = dice.between(0.1, 0.6);
  },
  (faults, dice) => {
    faults.loses = dice.between(0.1, 0.4);
  },
];

export function trouble(timeline: Timeline, site: Site, dice: Dice, { spans }: Timetable): void {
  for (const span of spans) {
    timeline.at(span.from, () => {
      site.faults = calm();
      if (span.phase === 'down') site.faults.down = 'refused';
    });
    if (span.phase === 'uneven') worry(timeline, site, dice, span);
  }
}

function worry(timeline: Timeline, site: Site, dice: Dice, span: Span): void {
  let from = plus(span.from, GOOD_AT_FIRST_MILLISECONDS);
  for (;;) {
    const until: Instant = plus(from, dice.whole(10, 180) * MINUTE);
    if (until >= span.until) return;
    const faults = calm();
    dice.one(BAD)(faults, dice);
    // In bad hours the vendor's messages get lost as well.
    faults.webhooks = { lose: dice.between(0, 0.3), double: 0.1, delayMilliseconds: 2_000, forge: 0 };
    timeline.at(from, () => {
      site.faults = faults;
    });
    timeline.at(until, () => {
      site.faults = calm();
    });
    from = plus(until, dice.whole(30, 480) * MINUTE);
  }
}

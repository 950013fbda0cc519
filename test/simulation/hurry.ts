import { type Instant, SECOND } from '../../src/domain/instant.ts';
import { type Interval, sameInterval } from '../../src/domain/interval.ts';
import type { Dice } from './dice.ts';
import type { Site } from './site.ts';
import type { Timeline } from './timeline.ts';

/** Patients who are a moment faster than the gateway: they take what is just being closed, and what was opened just now. */
export function hurry(
  site: Site,
  options: {
    readonly timeline: Timeline;
    readonly dice: Dice;
    /** When they have all come. */
    readonly until: Instant;
    readonly onBooking: () => void;
  },
): void {
  const { timeline, dice, until, onBooking } = options;
  const { agenda } = site;
  const book = (calendar: string, interval: Interval): void => {
    if (timeline.now >= until || site.faults.down !== null) return;
    const slot = agenda.slots(calendar).find((each) => sameInterval(each.interval, interval));
    if (slot && agenda.reserve({ calendar, interval, slotId: slot.id, reference: null, expiresAt: null }))
      onBooking();
  };
  site.onBlock = (calendar, interval) => {
    if (dice.chance(0.5)) book(calendar, interval);
  };
  site.onOpening = ({ calendar, interval }) => {
    if (dice.chance(0.7)) timeline.after(dice.between(0, 20 * SECOND), () => book(calendar, interval));
  };
}

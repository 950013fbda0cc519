import type { Instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';

/** Where slots may stand otherwise than they should. */

/** Slots of a schedule that start in [from, to), as offers on one calendar that we publish to. */
export type OfferedRange = {
  readonly connectionId: string;
  readonly calendar: string;
  readonly scheduleId: string;
  readonly from: Instant;
  /** Null = without end. */
  readonly to: Instant | null;
  /** What starts then or later is not to be offered yet; null = everything is. */
  readonly releasedUntil: Instant | null;
};

/** What is to be told of a slot where time is allotted; src/engine/withhold.ts. */
export type SlotMark = {
  readonly slotId: string;
  readonly withheld: boolean;
  /** The connection that is to sell it as soon as nobody else does; null = none. */
  readonly awaitedBy: string | null;
};

/** Of a schedule. */
export type Stretch = { readonly scheduleId: string; readonly window: Interval };

export type CalendarKey = { readonly connectionId: string; readonly calendar: string };

/** All that stood on the calendar at that instant is known. */
export type Seen = CalendarKey & { readonly asOf: Instant };

/** A feed that is to be read, to tell what was sold there before its time was known to be closed. */
export type Unread = {
  readonly connectionId: string;
  readonly feedId: string;
  /** What it shows must be younger than this. */
  readonly since: Instant;
};

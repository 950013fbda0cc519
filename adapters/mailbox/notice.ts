import { storableText } from '../../src/adapter/texts.ts';
import type { Instant } from '../../src/domain/instant.ts';
import { HOUR } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { fold } from './fold.ts';

/** What a notice may say, whatever it is read from. */

export type Notice =
  | {
      readonly kind: 'stands';
      readonly externalId: string;
      /** The number that it had before it was moved. */
      readonly replaces: string | null;
      readonly calendar: string;
      readonly interval: Interval;
      readonly sequence: number;
    }
  | { readonly kind: 'ended'; readonly externalId: string; readonly sequence: number }
  /** It changes nothing, or is about an agenda that is none of ours. */
  | { readonly kind: 'nothing' };

/** A notice that cannot be read; `reason` repeats no value of it. */
export class Unread extends Error {
  readonly externalId: string | null;
  constructor(reason: string, externalId: string | null = null) {
    super(reason);
    this.externalId = externalId;
  }
}

export type Reading = {
  /** The calendar of what names none. */
  readonly calendar: string | null;
  /** How long it lasts where that is not said. */
  readonly minutes: number | null;
  /** What the platform calls an agenda, folded, to the calendar's id; null = it is none of ours. */
  readonly agendas: ReadonlyMap<string, string | null>;
  /** IANA; null = no calendar of this connection. */
  readonly zoneOf: (calendar: string) => string | null;
};

/** A whole local day on the night that has an hour more. */
export const LONGEST_MILLISECONDS = 25 * HOUR;
export const Id = storableText(200).min(1);

/**
 * By the time at which it was said, in seconds, so that a notice that comes late or again is told from a new one; an end counts as
 * later than what was said in the same second.
 */
export const sequenceOf = (saidAt: Instant, isEnd: boolean): number =>
  Math.floor(saidAt / 1_000) * 2 + (isEnd ? 1 : 0);

/** @returns null where it is known to be none of ours. @throws Unread */
export function placeOf(
  name: string | null,
  { calendar, agendas, zoneOf }: Reading,
  externalId: string,
): { readonly calendar: string; readonly zone: string } | null {
  if (name === null && calendar === null) throw new Unread('calendar: not said', externalId);
  const called = name === null ? calendar : agendas.get(fold(name));
  if (called === null) return null;
  const wanted = called ?? name ?? '';
  const zone = zoneOf(wanted);
  if (zone === null) throw new Unread('calendar: of no name that the connection knows', externalId);
  return { calendar: wanted, zone };
}

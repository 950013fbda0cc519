import { instant } from '../../src/domain/instant.ts';
import type { Schedule } from '../../src/domain/schedule.ts';
import type { SlotStatus } from '../../src/domain/slot.ts';
import { SCHEDULING_LINKS } from './canonical.ts';
import type { ScheduleContext } from './directory.ts';
import { localTime } from './local-time.ts';
import type { LinksShape } from './scheduling-links.ts';

/** A slot as a line of NDJSON, put together as text: the lines of a schedule differ in a few places only. */

export type LinksSlot = {
  readonly id: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly status: SlotStatus;
  /** As JSON text; null = it has none. */
  readonly bookingUrl: string | null;
};

/** An address of the web as JSON text: what a platform says is published to everybody, so nothing else goes out as a link. */
const WEB_ADDRESS = /^"https?:\/\/[^\s"\\<>]+"$/i;

/**
 * Where a free slot is booked: at its own address, else by the phone of its place. The capacity is of 2021 only, which
 * knows but free and busy.
 * @returns the line with its end; start and end have the offset of the place.
 */
export function slotLineWriter(
  schedule: Schedule,
  { location }: Pick<ScheduleContext, 'location'>,
  shape: LinksShape,
): (slot: LinksSlot) => string {
  const { timeZone, phone } = location;
  const reference = JSON.stringify({ reference: `Schedule/${schedule.id}` });
  const capacity =
    shape === '2021' && schedule.capacity > 1
      ? [JSON.stringify({ url: SCHEDULING_LINKS.capacity, valueInteger: schedule.capacity })]
      : [];
  const call = phone === null ? [] : [JSON.stringify({ url: SCHEDULING_LINKS.phone, valueString: phone })];
  const taken = endOf(capacity);
  const toCall = endOf([...call, ...capacity]);
  const toVisit = (url: string): string =>
    endOf([`{"url":"${SCHEDULING_LINKS.deepLink}","valueUrl":${url}}`, ...capacity]);
  const end = ({ status, bookingUrl }: LinksSlot): string => {
    if (status !== 'free') return taken;
    if (bookingUrl === null || !WEB_ADDRESS.test(bookingUrl)) return toCall;
    return toVisit(bookingUrl);
  };
  const time = (ms: number): string => localTime(instant(ms), timeZone);
  return (slot) =>
    `{"resourceType":"Slot","id":"${slot.id}","schedule":${reference},"status":"${statusOf(slot, shape)}",` +
    `"start":"${time(slot.startMs)}","end":"${time(slot.endMs)}"${end(slot)}`;
}

/** FHIR JSON has no empty arrays. */
const endOf = (extensions: readonly string[]): string =>
  extensions.length === 0 ? '}\n' : `,"extension":[${extensions.join(',')}]}\n`;

const statusOf = ({ status }: LinksSlot, shape: LinksShape): SlotStatus =>
  shape === '2021' && status !== 'free' ? 'busy' : status;

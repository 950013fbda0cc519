import { fromLocal } from '../../src/adapter/zone.ts';
import { formatWall } from '../../src/domain/recurrence/wall.ts';
import { type Offered, slotsOfAvailability } from './availability.ts';
import type { Supply } from './manifest.ts';
import { type Days, slotsOfPlan } from './plan.ts';
import type { Server } from './resource.ts';
import { property } from './webdav.ts';
import type { Zones } from './zones.ts';

/** Where the slots of a calendar come from: its working plan, or VAVAILABILITY in the collection and in the inbox. */

export type Offer = {
  readonly calendar: string;
  readonly supply: Supply;
  /** IANA */
  readonly zone: string;
  readonly zones: Zones;
};
/** A text in which VAVAILABILITY is looked for. */
export type OfferSource = { readonly href: string; readonly text: string };

export function offerOf(offer: Offer, days: Days, sources: readonly OfferSource[]): Offered {
  const { calendar, supply, zone, zones } = offer;
  if (supply.kind === 'plan') return { slots: slotsOfPlan(calendar, supply, zone, days), rejected: [] };
  const range = { start: fromLocal(formatWall(days.from), zone), end: fromLocal(formatWall(days.to), zone) };
  const said = sources.filter(({ text }) => text !== '');
  return slotsOfAvailability(calendar, said, supply, zones, range);
}

/** The user's calendar-availability (RFC 7953, 5), where the server has a scheduling inbox. @throws Fault */
export async function inboxOf(
  server: Server,
  collection: string,
  signal: AbortSignal,
): Promise<OfferSource | null> {
  const principal = await property(server, collection, 'd:current-user-principal', signal);
  const inbox = principal && (await property(server, principal, 'c:schedule-inbox-URL', signal));
  return inbox ? { href: inbox, text: await inboxText(server, inbox, signal) } : null;
}

/** Empty when the inbox has no such property. @throws Fault */
export const inboxText = async (server: Server, inbox: string, signal: AbortSignal): Promise<string> =>
  (await property(server, inbox, 'c:calendar-availability', signal)) ?? '';

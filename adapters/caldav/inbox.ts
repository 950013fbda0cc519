import type { OfferSource } from '../../src/adapter/icalendar/offer.ts';
import type { Server } from './resource.ts';
import { property } from './webdav.ts';

/** The scheduling inbox, where some servers keep when somebody is available. */

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

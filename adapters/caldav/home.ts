import { z } from 'zod';
import type { FoundCalendars } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { foundCalendars } from '../../src/adapter/found-calendars.ts';
import { pathOn } from './address.ts';
import { type Answer, Text } from './multistatus.ts';
import type { Server } from './resource.ts';
import { homesOf, inside, property } from './webdav.ts';

/** Which calendars a user has: their principal (RFC 5397), its calendar homes, and what is in them (RFC 4791, 6.2.1). */

/** A collection of calendar objects (RFC 4791, 4.2), where tsdav has an element without content as an empty one. */
const CalendarCollection = z.looseObject({ collection: z.looseObject({}), calendar: z.looseObject({}) });
const Component = z.looseObject({ _attributes: z.looseObject({ name: z.string() }) });
/** RFC 4791, 5.2.3: left out = events among others. */
const Components = z.looseObject({
  comp: z.union([Component.transform((one) => [one]), z.array(Component)]),
});

const Row = z.object({ path: z.string().min(1), name: z.string().max(1_000).nullable() });

/** @throws Fault `malformed` where the server does not say whose calendars these credentials open. */
export async function calendarsOn(server: Server, signal: AbortSignal): Promise<FoundCalendars> {
  const start = pathOn(server.url, server.url) ?? '/';
  const principal = await property(server, start, 'd:current-user-principal', signal);
  const homes = await homesOf(server, principal ?? start, signal);
  if (homes.length === 0) {
    throw new Fault('malformed', `PROPFIND ${principal ?? start}: no calendar-home-set of this user`);
  }
  const rows: z.input<typeof Row>[] = [];
  for (const home of homes) {
    for (const answer of await inside(server, home, signal)) {
      const path = pathOn(server.url, answer.href ?? '');
      if (path !== null && hasEvents(answer)) {
        rows.push({ path, name: Text.safeParse(answer.props?.displayname).data ?? null });
      }
    }
  }
  // A calendar that another principal shares may be in no home of ours.
  return foundCalendars(rows, Row, ({ path, name }) => ({ id: path, name }), false);
}

function hasEvents({ status, props }: Answer): boolean {
  if (status === 404 || !CalendarCollection.safeParse(props?.resourcetype).success) return false;
  const components = Components.safeParse(props?.['supportedCalendarComponentSet']).data?.comp;
  return components?.some(({ _attributes }) => _attributes.name.toUpperCase() === 'VEVENT') ?? true;
}

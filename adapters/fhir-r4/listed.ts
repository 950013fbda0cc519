import type { z } from 'zod';
import type { FoundCalendars } from '../../src/adapter/contract.ts';
import { isFault } from '../../src/adapter/faults.ts';
import { foundCalendars, type SaidOfCalendar, words } from '../../src/adapter/found-calendars.ts';
import type { Client } from './client.ts';
import { Actor, ListedSchedule } from './wire.ts';

/** The schedules of a server, and whose they are. */

/** With what they are of in the same answer (R4, search.html#include). */
const WITH_ACTORS = [['_include', 'Schedule:actor']] as const;

/** @throws Fault */
export async function calendarsOn(client: Client, signal: AbortSignal): Promise<FoundCalendars> {
  const { schedules, actors } = await listed(client, signal);
  return foundCalendars(schedules, ListedSchedule, (schedule) => calendarOf(schedule, actors));
}

type Listed = { readonly schedules: readonly unknown[]; readonly actors: ReadonlyMap<string, Actor> };

async function listed(client: Client, signal: AbortSignal): Promise<Listed> {
  try {
    return await pages(client, WITH_ACTORS, signal);
  } catch (error) {
    // A server that cannot include refuses the parameter, since we ask for strict handling.
    if (!isFault(error) || error.kind !== 'malformed') throw error;
    return pages(client, [], signal);
  }
}

async function pages(
  client: Client,
  parameters: readonly (readonly [string, string])[],
  signal: AbortSignal,
): Promise<Listed> {
  const schedules: unknown[] = [];
  const actors = new Map<string, Actor>();
  for await (const { resources, included } of client.search('Schedule', parameters, signal)) {
    schedules.push(...resources);
    for (const resource of included) {
      // One that cannot be read is known by how the schedule calls it.
      const { data } = Actor.safeParse(resource);
      if (data) actors.set(`${data.resourceType}/${data.id}`, data);
    }
  }
  return { schedules, actors };
}

/** Null of one that is not in use any more. */
function calendarOf(
  { id, active, actor }: z.output<typeof ListedSchedule>,
  actors: ReadonlyMap<string, Actor>,
): SaidOfCalendar | null {
  if (active === false) return null;
  const parts = actor.map(({ reference = '', display = '' }) => {
    const [, type = '', name = ''] = /(?:^|\/)([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})/.exec(reference) ?? [];
    return { type, display, resource: actors.get(`${type}/${name}`) };
  });
  const person = parts.find(({ type }) => type === 'Practitioner') ?? parts.find(isRole);
  const place = parts.find(({ type }) => type === 'Location');
  return {
    id,
    practitionerName: nameOf(person?.resource) ?? person?.display,
    identifiers: (person?.resource?.identifier ?? []).flatMap(({ system = '', value = '' }) =>
      system !== '' && value !== '' ? [{ system, value }] : [],
    ),
    location: nameOf(place?.resource) ?? place?.display,
  };
}

const isRole = ({ type }: { readonly type: string }): boolean => type === 'PractitionerRole';

/** The first of several names, as R4 has the usual one. */
function nameOf(actor: Actor | undefined): string | null {
  const name = actor?.name;
  if (name === undefined || typeof name === 'string') return words(name);
  const [first] = name;
  return words(...(first?.given ?? []), first?.family) ?? words(first?.text);
}

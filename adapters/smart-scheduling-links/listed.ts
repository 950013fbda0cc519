import { FOUND_CALENDARS_MAX, type FoundCalendars } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { foundCalendars } from '../../src/adapter/found-calendars.ts';
import type { Client } from './client.ts';
import { linesOf } from './lines.ts';
import type { Settings } from './manifest.ts';
import { absolute, isOfStates, relativeTo } from './reading.ts';
import { ListedSchedule, type Manifest, Place } from './wire.ts';

/** The schedules of a publication, with what their places are called. Its slots are not asked for. */

/** A publisher of a country has far more, and nobody links them by hand. */
const ROWS_MAX = 4 * FOUND_CALENDARS_MAX;

/** @throws Fault */
export async function calendarsOn(
  client: Client,
  settings: Settings,
  signal: AbortSignal,
): Promise<FoundCalendars> {
  const fetched = await client.manifest(null, signal);
  if (fetched.kind === 'same') throw new Fault('malformed', 'the manifest: 304 to a plain request');
  const filesOf = (type: string): readonly string[] => urlsOf(fetched.content, type, settings);
  const places = new Map<string, string>();
  for (const value of (await rowsOf(client, filesOf('Location'), 'Location', signal)).rows) {
    const { data } = Place.safeParse(value);
    if (data?.name !== undefined) places.set(`Location/${data.id}`, data.name);
  }
  const { rows, isWhole } = await rowsOf(client, filesOf('Schedule'), 'Schedule', signal);
  const relative = relativeTo(settings);
  const { locations } = settings;
  return foundCalendars(
    rows,
    ListedSchedule,
    ({ id, actor }) => {
      const actors = actor.map(({ reference, display }) => ({ reference: relative(reference), display }));
      const isWanted =
        locations.length === 0 || actors.some(({ reference }) => locations.includes(reference));
      if (!isWanted) return null;
      const place = actors.find(({ reference }) => reference.startsWith('Location/'));
      const person = actors.find(({ reference }) => reference.startsWith('Practitioner'));
      return {
        id: `Schedule/${id}`,
        practitionerName: person?.display,
        location: places.get(place?.reference ?? '') ?? place?.display,
      };
    },
    isWhole && fetched.content.error.length === 0,
  );
}

function urlsOf({ output }: Manifest, type: string, { url: home, states }: Settings): readonly string[] {
  return output
    .filter((file) => file.type === type && isOfStates(file, states))
    .map(({ url }) => absolute(url, home));
}

/** Lines that are no JSON are no rows of anything that could be named. */
async function rowsOf(
  client: Client,
  urls: readonly string[],
  type: string,
  signal: AbortSignal,
): Promise<{ readonly rows: readonly unknown[]; readonly isWhole: boolean }> {
  const rows: unknown[] = [];
  for (const url of urls) {
    const fetched = await client.file(url, null, signal);
    if (fetched.kind === 'same') throw new Fault('malformed', 'a file: 304 to a plain request');
    try {
      for await (const line of linesOf(fetched.content.chunks, `a file of ${type}`)) {
        if (rows.length === ROWS_MAX) return { rows, isWhole: false };
        rows.push(line.kind === 'json' ? line.value : null);
      }
    } finally {
      fetched.content.close();
    }
  }
  return { rows, isWhole: true };
}

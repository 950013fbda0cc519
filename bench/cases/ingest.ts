import { nextMidnight, slotCount } from '../clinic.ts';
import type { OwnDatabase } from '../database.ts';
import { type Started, start } from '../processes.ts';
import { compare, type Settings, type Side } from '../rounds.ts';
import type { IngestQuestion, IngestTask } from '../servers/ingest.ts';
import type { IngestFloorTask } from '../servers/ingest-floor.ts';
import { type Line, lineOf } from '../table.ts';

/** A whole reading through the engine, of slots that are new and of slots that are as they were. */

const MEGABYTE = 1024 * 1024;
const TARGETS = {
  new: { of: 'itself', least: 25_000 },
  unchanged: { of: 'itself', least: 100_000 },
} as const;

export async function* measureIngest(database: OwnDatabase, settings: Settings): AsyncGenerator<Line> {
  const size = { from: nextMidnight(), doctors: 40, days: 28 };
  const task = { databaseUrl: database.url, size };
  const floor = await start('servers/ingest-floor', task satisfies IngestFloorTask);
  try {
    for (const source of ['ready', 'json'] as const) {
      const passerelle = await start('servers/ingest', { ...task, source } satisfies IngestTask);
      const name = source === 'ready' ? '' : ', with the vendor’s JSON read and checked';
      // The first reading compiles; it is not counted.
      await ask(passerelle, 'empty');
      await ask(passerelle, 'ingest');
      for (const what of ['new', 'unchanged'] as const) {
        const measure = async (side: Side) => {
          if (side === 'passerelle' && what === 'new') await ask(passerelle, 'empty');
          const { perSecond } = await (side === 'floor'
            ? floor.ask<Rate>({})
            : ask<Rate>(passerelle, 'ingest'));
          return { value: perSecond, operations: slotCount(size) };
        };
        const title = `ingest of ${what} slots${name}`;
        const compared = await compare(title, { floor, passerelle }, settings, measure);
        yield lineOf(title, 'slots/s', compared, source === 'ready' ? TARGETS[what] : null);
      }
      if (source === 'ready') yield await memoryLine(passerelle, slotCount(size));
      await passerelle.close();
    }
  } finally {
    await floor.close();
  }
}

type Rate = { readonly perSecond: number };

const ask = <Answer>(server: Started, kind: IngestQuestion['kind']): Promise<Answer> =>
  server.ask<Answer>({ kind } satisfies IngestQuestion);

async function memoryLine(server: Started, slots: number): Promise<Line> {
  const { bytes } = await ask<{ bytes: number }>(server, 'memory');
  const what = `resident memory after readings of ${slots.toLocaleString('en')} slots`;
  return { what, unit: 'MB', floor: null, passerelle: bytes / MEGABYTE, cost: null, target: null };
}

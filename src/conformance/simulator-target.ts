import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { codeMaps } from '../adapter/concept-map.ts';
import type { Adapter } from '../adapter/contract.ts';
import type { Simulator, SimulatorOptions } from '../adapter/simulator/server.ts';
import { formatInstant, parseInstant } from '../domain/instant.ts';
import { interval } from '../domain/interval.ts';
import { packageRoot } from '../system/package-root.ts';
import { freeSlots } from './free-slots.ts';
import type { Bench, PlatformTarget, Raw } from './target.ts';

/** A target whose platform is a simulator of ours: looked at and acted on by its control API. */

export type SimulatorTarget = {
  readonly adapter: Adapter;
  readonly start: (options: SimulatorOptions) => Promise<Pick<Simulator, 'url' | 'close'>>;
  readonly settings: (baseUrl: string) => Record<string, unknown>;
  /** With credentials that it refuses; null = it asks for none. */
  readonly expired: ((baseUrl: string) => Record<string, unknown>) | null;
  readonly addMalformed: (body: string) => string;
  /** Null where the platform has no webhooks. */
  readonly webhookSecret: string | null;
  /** The folder whose `<platform>/*.json` are its ConceptMaps. Default: ours. */
  readonly mappings?: string;
  /** Its interface tells of no slots, only of what takes time (default: it tells). */
  readonly hidesSlots?: boolean;
  readonly isWrite?: NonNullable<Bench['isWrite']>;
};

/** Beside the source, also where what was built runs. */
const MAPPINGS = join(packageRoot, 'mappings');
const ACTOR = 'dr-tremblay';
const time = { start: z.string(), end: z.string(), calendar: z.string(), actor: z.string(), id: z.string() };
const Slots = z.array(z.object({ ...time, status: z.enum(['free', 'held', 'busy', 'blocked']) }));
const Periods = z.array(
  z.object({ ...time, kind: z.enum(['held', 'booked', 'blocked']), reference: z.string().nullable() }),
);
const AnyMap = z.looseObject({ group: z.array(z.looseObject({ element: z.array(z.unknown()) })) });
const Created = z.object({ id: z.string() });

export const simulatorTarget = (target: SimulatorTarget): PlatformTarget => ({
  adapter: target.adapter,
  name: 'simulator',
  stage: 'simulator',
  open: ({ zone }) => openBench(target, zone),
});

async function openBench(target: SimulatorTarget, zone: string): Promise<Bench> {
  const simulator = await target.start({ seed: 7, actors: [ACTOR, 'dr-gagnon'], days: 35, zone });
  const { maps, emptyMaps } = await mapsOf(target.adapter.manifest.id, target.mappings);
  const call = (method: string, path: string, body?: unknown) =>
    fetch(`${simulator.url}/_sim/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const [first] = Slots.parse(await (await call('GET', 'slots')).json()).filter(
    ({ actor }) => actor === ACTOR,
  );
  if (!first) throw new Error('the simulator has no slots');
  const { calendar } = first;

  const world = async (): Promise<Raw> => {
    const [slots, periods] = await Promise.all([call('GET', 'slots'), call('GET', 'periods')]);
    const timed = <Row extends z.output<typeof Slots>[number] | z.output<typeof Periods>[number]>(
      rows: Row[],
    ) =>
      rows
        .filter((row) => row.calendar === calendar)
        .map((row) => ({ ...row, interval: interval(parseInstant(row.start), parseInstant(row.end)) }));
    return {
      slots: timed(Slots.parse(await slots.json())),
      periods: timed(Periods.parse(await periods.json())),
    };
  };

  const raw = async (): Promise<Raw> => ({ ...(await world()), ...(target.hidesSlots ? { slots: [] } : {}) });

  return {
    baseUrl: simulator.url,
    settings: target.settings,
    expired: target.expired,
    maps,
    emptyMaps,
    calendar,
    zone,
    raw,
    freeTimes: async () => freeSlots(await world()),
    patientBooks: async ({ slot }) => {
      const answer = await call('POST', 'bookings', { slotId: slot });
      if (answer.status !== 201 && answer.status !== 409)
        throw new Error(`HTTP ${answer.status} to a patient`);
      return answer.status === 201 ? Created.parse(await answer.json()).id : null;
    },
    patientCancels: async (id) => {
      const { status } = await call('DELETE', `bookings/${id}`);
      if (status !== 204) throw new Error(`the cancellation was answered ${status}`);
    },
    staffBooks: async ({ start, end }) => {
      const times = { start: formatInstant(start), end: formatInstant(end) };
      const answer = await call('POST', 'bookings', { calendar, ...times });
      if (answer.status !== 201) throw new Error(`HTTP ${answer.status} to the clinic`);
      return Created.parse(await answer.json()).id;
    },
    tamper: { addMalformed: target.addMalformed },
    pointWebhook:
      target.webhookSecret === null
        ? null
        : async (url) => {
            await call('PUT', 'webhook', { url, secret: target.webhookSecret });
          },
    ...(target.isWrite ? { isWrite: target.isWrite } : {}),
    close: simulator.close,
  };
}

/** The platform's own maps, and the same ones without a code in them; one that maps no codes has no folder. */
export async function mapsOf(platform: string, mappings: string = MAPPINGS) {
  const folder = join(mappings, platform);
  if (!existsSync(folder)) return { maps: codeMaps([]), emptyMaps: null };
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const resources = await Promise.all(
    files.map(async (name) => AnyMap.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))),
  );
  const emptied = resources.map((resource) => ({
    ...resource,
    group: resource.group.map((group) => ({ ...group, element: [] })),
  }));
  return { maps: codeMaps(resources), emptyMaps: codeMaps(emptied) };
}

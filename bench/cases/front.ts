import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClinicSize, nextMidnight, slotAt } from '../clinic.ts';
import { analyze, type OwnDatabase } from '../database.ts';
import { Caller } from '../load.ts';
import { type Started, start } from '../processes.ts';
import { type Settings, SIDES, type Sides } from '../rounds.ts';
import type { FloorTask } from '../servers/floor.ts';
import type { GatewayTask } from '../servers/gateway.ts';
import type { Line } from '../table.ts';
import { measureBooking } from './booking.ts';
import { headersOf, measureSearch, read, searches } from './search.ts';

/** The FHIR front on one connection, beside a floor on the same rows. */

const TOKEN = 'a'.repeat(40);
const TAIL = /"lastUpdated":"[^"]*"(.*)$/s;
/** Freshness is looked up by the second; before that a slot is not served as free. */
const FRESH_MILLISECONDS_MAX = 5_000;

export type Front = { readonly size: ClinicSize; readonly head: string; readonly servers: Sides<Started> };

export async function* measureFront(
  database: OwnDatabase,
  settings: Settings,
  wanted: { readonly search: boolean; readonly booking: boolean },
): AsyncGenerator<Line> {
  const size = { from: nextMidnight(), doctors: 20, days: 28 };
  const head = headersOf(TOKEN);
  const dataFolder = await mkdtemp(join(tmpdir(), 'passerelle-bench-'));
  const home = await start('home/server', null);
  const task = { databaseUrl: database.url, size, homeUrl: home.url };
  const passerelle = await start('servers/gateway', {
    ...task,
    dataFolder,
    token: TOKEN,
  } satisfies GatewayTask);
  await analyze(database.url);
  const tail = await freshTail(passerelle.url, read(head, slotAt(size, 0).id));
  const floor = await start('servers/floor', { ...task, tail } satisfies FloorTask);
  const front = { size, head, servers: { floor, passerelle } };
  try {
    const sameBytes = await answersAlike(front);
    if (!sameBytes)
      settings.say('! the floor does not write the same bytes: search and read are not comparable');
    if (wanted.search) yield* measureSearch(front, settings);
    if (wanted.booking) yield* measureBooking(front, settings);
  } finally {
    for (const each of [passerelle, floor, home]) await each.close();
    await rm(dataFolder, { recursive: true, force: true });
  }
}

/** How every slot ends, once the gateway knows that what it read is fresh. */
async function freshTail(url: string, request: string): Promise<string> {
  const caller = new Caller(url);
  const began = performance.now();
  try {
    for (;;) {
      const { body } = await caller.call(request);
      const tail = TAIL.exec(body.toString())?.[1] ?? '';
      if (!tail.includes('/stale"')) return tail;
      if (performance.now() - began > FRESH_MILLISECONDS_MAX) throw new Error('slots stay stale');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    caller.close();
  }
}

async function answersAlike({ size, head, servers }: Front): Promise<boolean> {
  const callers = SIDES.map((side) => new Caller(servers[side].url));
  const requests = [read(head, slotAt(size, 1).id), ...searches(size, head).slice(0, 5)];
  try {
    for (const request of requests) {
      const [one, other] = await Promise.all(callers.map((caller) => caller.call(request)));
      if (!one || !other?.body.equals(one.body)) return false;
    }
    return true;
  } finally {
    for (const caller of callers) caller.close();
  }
}

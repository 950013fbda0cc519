import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { SIMULATOR_KEY as VENDOR_KEY } from '../../adapters/bonjour-sante/simulator/platform.ts';
import { SIMULATOR_KEY as RVSQ_KEY } from '../../adapters/rvsq/simulator/platform.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import { type DatabaseUrl, openDatabase } from '../database.ts';
import { caller } from './caller.ts';
import { listening, ready, task } from './child.ts';

/**
 * The least that could mirror: the same calls and the same rows in one commit, with nothing decided, checked, retried
 * or looked up between them.
 */
export type MirrorFloorTask = {
  readonly databaseUrl: DatabaseUrl;
  readonly vendorUrl: string;
  readonly rvsqUrl: string;
  readonly pollMilliseconds: number;
};

type Booking = {
  readonly from: string;
  readonly to: string;
  readonly actor: string;
  readonly start: number;
  readonly end: number;
};

/** $1 id, $2 actor, $3 start, $4 end, $5 where it was booked, $6 where it is closed, $7 at. */
const COMMIT = `
with taken as (
  insert into busy_period (id, actor_id, schedule_id, kind, start_ms, end_ms, lane, origin_id, changed_ms)
  values ($1, $2, $2, 'appointment', $3, $4, 0, $5, $7)
),
listed as (
  insert into listing (connection_id, calendar, subject_id, kind, schedule_id, start_ms, end_ms, desired, known,
    known_ms, since_ms)
  values ($5, $2, $1, 'booking', $2, $3, $4, 'appointment', 'appointment', $7, $7),
    ($6, $2, $1, 'block', $2, $3, $4, 'block', null, $7, $7)
)
insert into event (at_ms, type, connection_id, subject_id, data) values ($7, 'busy.observed', $5, $1, '{}')`;

const { databaseUrl, vendorUrl, rvsqUrl, pollMilliseconds } = task<MirrorFloorTask>();
const database = await openDatabase(databaseUrl);
const vendor = caller(vendorUrl, { authorization: `Bearer ${VENDOR_KEY}` });
const rvsq = caller(rvsqUrl, { 'x-api-key': RVSQ_KEY });

/** Its ids are its own, so that a gateway on the same database has nothing to do with them. */
async function commit({ from, to, actor, start, end }: Booking): Promise<string> {
  const id = randomUUID();
  await database.query(COMMIT, [
    id,
    `floor-${actor}`,
    start,
    end,
    `floor-${from}`,
    `floor-${to}`,
    Date.now(),
  ]);
  return id;
}

type VendorEvent = { element?: { genre: string; agendaId: string; debut: string; fin: string } };

async function receive(body: string): Promise<void> {
  const { element } = JSON.parse(body) as VendorEvent;
  if (element?.genre !== 'reservation') return;
  const start = Date.parse(element.debut);
  const end = Date.parse(element.fin);
  const actor = element.agendaId.slice('ag-'.length);
  const id = await commit({ from: 'vendor', to: 'rvsq', actor, start, end });
  const wish = {
    professionalId: `pro-${actor}`,
    dateUtc: new Date(start).toISOString(),
    duration: (end - start) / MINUTE,
    externalReference: `passerelle:${id}`,
  };
  await rvsq('POST', '/v1/unavailabilities', JSON.stringify(wish));
}

type RvsqPage = {
  cursor: string;
  changes: { type: string; professionalId: string; dateUtc: string; duration: number }[];
};

async function poll(cursor: string): Promise<string> {
  const page = JSON.parse(await rvsq('GET', `/v1/changes?cursor=${cursor}&limit=500`)) as RvsqPage;
  for (const { type, professionalId, dateUtc, duration } of page.changes) {
    if (type !== 'activity') continue;
    const start = Date.parse(dateUtc);
    const end = start + duration * MINUTE;
    const actor = professionalId.slice('pro-'.length);
    const id = await commit({ from: 'rvsq', to: 'vendor', actor, start, end });
    const wish = {
      debut: new Date(start).toISOString(),
      fin: new Date(end).toISOString(),
      referenceExterne: `passerelle:${id}`,
    };
    await vendor('POST', `/v1/agendas/ag-${actor}/blocages`, JSON.stringify(wish));
  }
  return page.cursor;
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    receive(Buffer.concat(chunks).toString()).then(() => response.writeHead(204).end(), console.error);
  });
});
const url = await listening(server);
let { cursor } = JSON.parse(await rvsq('GET', '/v1/changes/latest')) as { cursor: string };
ready(url);
for (;;) {
  await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  cursor = await poll(cursor);
}

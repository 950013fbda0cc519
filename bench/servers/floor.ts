import { createServer, type ServerResponse } from 'node:http';
import { type ClinicSize, HOME } from '../clinic.ts';
import { type DatabaseUrl, openDatabase } from '../database.ts';
import { openEngine } from '../engine.ts';
import { reading } from '../reading.ts';
import { listening, ready, task } from './child.ts';
import { createBooking } from './floor-booking.ts';
import { read, search } from './floor-search.ts';

/** The least that could answer: bare node:http, the same statements, the same bytes, and nothing checked. */
export type FloorTask = {
  readonly databaseUrl: DatabaseUrl;
  readonly size: ClinicSize;
  readonly homeUrl: string;
  /** How the text of every slot ends: where it is from and since when that is true. */
  readonly tail: string;
};

const { databaseUrl, size, homeUrl, tail } = task<FloorTask>();
const database = await openDatabase(databaseUrl);
// PGlite is in each process: this one has its own rows, the same ones.
if (databaseUrl === null) await fill();
const book = createBooking(database, size, homeUrl);

const server = createServer((request, response) => {
  const url = request.url ?? '';
  if (request.method === 'POST') {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      book(Buffer.concat(chunks).toString()).then(
        ({ status, text }) => send(response, status, text),
        fail(response),
      );
    });
  } else if (url.startsWith('/fhir/Slot?')) {
    const base = `http://${request.headers.host}/fhir`;
    search(database, base, url.slice(11), tail).then((text) => send(response, 200, text), fail(response));
  } else {
    read(database, url.slice(11), tail).then((text) => send(response, 200, text), fail(response));
  }
});

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'application/fhir+json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

const fail = (response: ServerResponse) => (error: unknown) => {
  console.error(error);
  send(response, 500, '');
};

async function fill(): Promise<void> {
  const engine = await openEngine(size, database, reading(size));
  await engine.synchronize(HOME, () => undefined);
  await engine.stop();
}

ready(await listening(server));

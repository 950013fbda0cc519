import { expect } from 'chai';
import type { Database } from '../../src/store/database.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { BookingClient } from '../support/booking-client.ts';
import { freshPostgres, hasPostgres } from '../support/databases.ts';
import { type GatewayProcess, spawnGateway } from '../support/gateway-process.ts';
import { type GatewayPlan, MirroredClinic } from '../support/mirrored-clinic.ts';
import { requireServer, until } from '../support/servers.ts';

/** Keys that are changed while two processes work on one database, one of which is killed in the midst. All is made up. */

const KEY = Buffer.alloc(32, 3).toString('base64');
const LEARNED_MILLISECONDS = 60_000;

describe('keys that are changed under two processes', function () {
  this.timeout(180_000);
  let clinic: MirroredClinic;
  let client: BookingClient;
  let plan: GatewayPlan;
  let server: GatewayProcess;
  let worker: GatewayProcess;
  let database: Database;
  let drop: () => Promise<void> = async () => undefined;

  before(async function () {
    requireServer('PostgreSQL', hasPostgres).call(this);
    const postgres = await freshPostgres();
    drop = postgres.drop;
    database = openPostgres(postgres.url, { onError: () => undefined });
    clinic = await MirroredClinic.open({
      databaseUrl: postgres.url,
      key: KEY,
      keepDays: 30,
      launch: async (wanted) => {
        plan = wanted;
        [server, worker] = await Promise.all([
          spawnGateway({ ...plan, role: 'serve' }),
          spawnGateway({ ...plan, role: 'work' }),
        ]);
        return {
          url: server.url,
          close: () => Promise.all([server.close(), worker.close()]).then(() => undefined),
        };
      },
    });
    client = new BookingClient(clinic);
  });
  after(async () => {
    await clinic?.close();
    await database?.close();
    await drop();
  });

  /** Ids of the keys that sealed and hashed what is there. */
  const named = async (): Promise<unknown> => {
    const [row] = await database.query(
      `select array_agg(distinct encode(substr(sealed, 5, 4), 'hex')) as sealed,
        array_agg(distinct encode(substr(hash, 1, 4), 'hex')) as hashed from patient`,
    );
    return row;
  };
  const book = async (n: number): Promise<string> => {
    const answer = await client.book(await clinic.vendor.laterSlot(n));
    expect(answer.status, JSON.stringify(answer.json)).to.equal(201);
    return answer.json.id ?? '';
  };
  const rotate = async (): Promise<string> => {
    const response = await fetch(`${server.url}/api/keys/rotate`, {
      method: 'POST',
      headers: await clinic.headers(),
    });
    return response.text();
  };

  it('seal and hash everything anew, and what is booked meanwhile', async () => {
    await book(4);
    expect(await named()).to.deep.equal({ sealed: ['00000001'], hashed: ['00000002'] });
    const rotating = rotate();
    await until(
      'the new keys are there',
      async () => (await database.query('select from data_key')).length === 4,
    );
    await book(8);
    expect(await named(), 'not used before all know of it').to.deep.equal({
      sealed: ['00000001'],
      hashed: ['00000002'],
    });
    const lines = (await rotating).trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).to.include({
      type: 'result',
      outcome: 'done',
      left: 0,
      hashed: 1,
    });
    await book(12);
    expect(await named()).to.deep.equal({ sealed: ['00000003'], hashed: ['00000004'] });
    expect(await database.query('select from patient'), 'it is one person').to.have.length(1);
  });

  it('are finished by whoever starts next, when the process is killed that was at it', async () => {
    const cut = rotate().catch(() => 'cut short');
    await until(
      'the new keys are there',
      async () => (await database.query('select from data_key')).length === 6,
    );
    await server.close();
    await cut;
    expect(await named()).to.deep.equal({ sealed: ['00000003'], hashed: ['00000004'] });
    const active = 'select from data_key where active_ms > extract(epoch from clock_timestamp()) * 1000';
    await until(
      'they are in use',
      async () => (await database.query(active)).length === 0,
      LEARNED_MILLISECONDS,
    );
    server = await spawnGateway({ ...plan, role: 'both' });
    const expected = JSON.stringify({ sealed: ['00000005'], hashed: ['00000006'] });
    await until('all is sealed anew', async () => JSON.stringify(await named()) === expected);
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { SIMULATOR_KEY as VENDOR_KEY } from '../../adapters/bonjour-sante/simulator/platform.ts';
import { SIMULATOR_KEY as RVSQ_KEY } from '../../adapters/rvsq/simulator/platform.ts';
import { packageRoot } from '../../src/system/package-root.ts';
import { scheduleOf, WEBHOOK_SECRET } from '../support/clinic-configuration.ts';
import { LOOPBACK } from '../support/loopback.ts';
import { ACTORS, type GatewayPlan, MirroredClinic, type SimSlot } from '../support/mirrored-clinic.ts';
import {
  hasOwnPostgres,
  hasOwnRedis,
  type OwnServer,
  ownPostgres,
  ownRedis,
} from '../support/own-servers.ts';
import { requireServer, until } from '../support/servers.ts';
import type { SimulatedSite } from '../support/simulated-site.ts';

/** The commands as an operator runs them, from a configuration file and the environment, on servers of their own. */

const MAIN = join(packageRoot, 'src', 'main.ts');
const READY_MILLISECONDS = 90_000;
/** Of what a process had claimed that was killed, 30 s, on a busy machine. */
const CLOSED_MILLISECONDS = 60_000;

type Command = { readonly child: ChildProcess; readonly output: () => string };

describe('passerelle serve --no-work, and two passerelle work', function () {
  this.timeout(180_000);
  let postgres: OwnServer;
  let redis: OwnServer;
  let clinic: MirroredClinic;
  let server: Command;
  let workers: readonly Command[] = [];

  before(async function () {
    await requireServer('PostgreSQL (initdb, postgres)', hasOwnPostgres).call(this);
    await requireServer('Redis (redis-server)', hasOwnRedis).call(this);
    [postgres, redis] = await Promise.all([ownPostgres(), ownRedis()]);
    clinic = await MirroredClinic.open({
      databaseUrl: postgres.url,
      redisUrl: redis.url,
      launch: async (plan) => {
        const variables = await variablesOf(plan);
        server = start(['serve', '--no-work'], { ...variables, PORT: '0' });
        workers = [1, 2].map((number) =>
          start(['work'], { ...variables, PASSERELLE_DATA: join(plan.environment.dataFolder, `${number}`) }),
        );
        const [url = ''] = await Promise.all([server, ...workers].map(ready));
        return { url, close: async () => undefined };
      },
    });
  });
  after(async () => {
    for (const each of workers.length > 0 ? [server, ...workers] : []) await end(each, 'SIGKILL');
    await clinic?.close();
    await redis?.remove();
    await postgres?.remove();
  });

  /** Books the last slot that is free on one of them, and waits until the other shows its time as closed. */
  async function sell(one: SimulatedSite, other: SimulatedSite): Promise<void> {
    const slot = (await one.laterSlots()).at(-1) as SimSlot;
    await one.book(slot.id);
    await until(
      'it is closed on the other',
      async () => (await other.overlapping(slot)).every(({ status }) => status === 'blocked'),
      CLOSED_MILLISECONDS,
    );
  }
  const closings = ({ output }: Command): number =>
    output().match(/^.* booked on .* → closed on /gm)?.length ?? 0;

  it('share the work among the workers', async () => {
    await until(
      'each of them has closed something',
      async () => {
        await sell(clinic.vendor, clinic.rvsq);
        await sell(clinic.rvsq, clinic.vendor);
        return workers.every((worker) => closings(worker) > 0);
      },
      CLOSED_MILLISECONDS,
    );
    expect(closings(server)).to.equal(0);
  });

  it('go on when one of the workers is killed, and end in order when they are asked to', async () => {
    const [victim, other] = workers as [Command, Command];
    await end(victim, 'SIGKILL');
    const before = closings(other);
    await sell(clinic.vendor, clinic.rvsq);
    await sell(clinic.rvsq, clinic.vendor);
    await until('it says so of both', async () => closings(other) === before + 2);
    expect(await end(other, 'SIGTERM')).to.equal(0);
    expect(await end(server, 'SIGTERM')).to.equal(0);
  });
});

/** What both commands read, as the plan has it. JSON is YAML too. */
async function variablesOf({ environment, sites }: GatewayPlan): Promise<Record<string, string>> {
  const { dataFolder, databaseUrl, redisUrl } = environment;
  const calendars = (prefix: string) =>
    ACTORS.map((actor) => ({ id: `${prefix}-${actor}`, schedule: scheduleOf(actor), topology: 'block' }));
  const file = join(dataFolder, 'clinic.yaml');
  const document = {
    organization: { id: 'clinique-essai', name: 'Clinique fictive' },
    locations: [{ id: 'ici', name: 'Ici' }],
    services: [{ id: 'famille', name: { fr: 'Médecine familiale', en: 'Family medicine' } }],
    practitioners: ACTORS.map((id) => ({ id, family: id, given: 'Essai' })),
    schedules: ACTORS.map((id) => ({
      id: scheduleOf(id),
      practitioner: id,
      location: 'ici',
      service: 'famille',
    })),
    connections: [
      {
        id: 'bonjour-sante',
        platform: 'bonjour-sante',
        allowedTargets: LOOPBACK,
        settings: {
          baseUrl: sites.vendor,
          apiKey: { env: 'VENDOR_KEY' },
          webhookSecret: { env: 'WEBHOOK_SECRET' },
        },
        calendars: calendars('ag'),
      },
      {
        id: 'rvsq',
        platform: 'rvsq',
        pollSeconds: 1,
        allowedTargets: LOOPBACK,
        settings: { baseUrl: sites.rvsq, apiKey: { env: 'RVSQ_KEY' } },
        calendars: calendars('pro'),
      },
    ],
  };
  await writeFile(file, JSON.stringify(document));
  return {
    PATH: process.env['PATH'] ?? '',
    PASSERELLE_CONFIG: file,
    PASSERELLE_DATA: dataFolder,
    PASSERELLE_KEY: randomBytes(32).toString('base64'),
    PASSERELLE_LANG: 'en',
    DATABASE_URL: databaseUrl ?? '',
    REDIS_URL: redisUrl ?? '',
    VENDOR_KEY,
    RVSQ_KEY,
    WEBHOOK_SECRET,
  };
}

function start(words: readonly string[], variables: Record<string, string>): Command {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...words], {
    cwd: packageRoot,
    env: variables,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
  return { child, output: () => text };
}

/** What its line says: where it answers, or `to work`. */
async function ready({ child, output }: Command): Promise<string> {
  const line = () => /^ready (.*)$/m.exec(output())?.[1];
  const exited = once(child, 'exit').then(() => {
    throw new Error(`it ended: ${output()}`);
  });
  const heard = until('ready', async () => line() !== undefined, READY_MILLISECONDS);
  await Promise.race([heard, exited]);
  return line() ?? '';
}

/** @returns its exit code; null of one that was killed. */
async function end({ child }: Command, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  return child.exitCode;
}

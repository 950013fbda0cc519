import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SIMULATOR_KEY as VENDOR_KEY } from '../../adapters/bonjour-sante/simulator/platform.ts';
import { SIMULATOR_KEY as RVSQ_KEY } from '../../adapters/rvsq/simulator/platform.ts';
import { packageRoot } from '../../src/system/package-root.ts';
import { scheduleOf, WEBHOOK_SECRET } from './clinic-configuration.ts';
import { listenForPatients } from './leaks.ts';
import { LOOPBACK } from './loopback.ts';
import { ACTORS, type GatewayPlan } from './mirrored-clinic.ts';
import { PROGRAM } from './program.ts';
import { until } from './servers.ts';

/** The commands as an operator runs them: a process each, that reads a configuration file and the environment. */

const READY_MILLISECONDS = 90_000;

export type Command = { readonly child: ChildProcess; readonly output: () => string };

/** What the commands read, as the plan has it. JSON is YAML too. @param more of the configuration. */
export async function variablesOf(
  { environment, sites }: GatewayPlan,
  more: object = {},
): Promise<Record<string, string>> {
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
    ...more,
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

export function start(words: readonly string[], variables: Record<string, string>): Command {
  const child = spawn(process.execPath, [...PROGRAM, ...words], {
    cwd: packageRoot,
    env: variables,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return watched(child);
}

/** @param child whose output is piped. */
export function watched(child: ChildProcess): Command {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += String(chunk)));
  return { child, output: () => text };
}

/** What its line says: where it answers, or `to work`. */
export async function ready({ child, output }: Command): Promise<string> {
  const line = () => /^ready (.*)$/m.exec(output())?.[1];
  const exited = once(child, 'exit').then(() => {
    throw new Error(`it ended: ${output()}`);
  });
  const heard = until('ready', async () => line() !== undefined, READY_MILLISECONDS);
  await Promise.race([heard, exited]);
  return line() ?? '';
}

/** In what it said, but for what it was asked to open. @throws Error */
function expectNobody(text: string): void {
  const listener = listenForPatients('a command');
  for (const line of text.split('\n')) listener.hear(line);
  listener.expectNobody();
}

/** @returns its exit code; null of one that was killed. */
export async function end({ child, output }: Command, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
  expectNobody(output());
  return child.exitCode;
}

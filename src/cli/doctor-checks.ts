import { access, constants, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { GatewayEnvironment } from '../config/environment.ts';
import type { Configuration } from '../config/read-configuration.ts';
import { SECOND } from '../domain/instant.ts';
import type { Offline } from './dependencies.ts';
import { type Finding, ok, problem, reasonOf, warning } from './finding.ts';
import { duration } from './when.ts';

const TIMEOUT_MILLISECONDS = 5 * SECOND;

/** Clocks that differ by more make leases and holds end early or late. */
const SKEW_WARNING_MILLISECONDS = 2 * SECOND;
const SKEW_PROBLEM_MILLISECONDS = 30 * SECOND;

export async function checkDataFolder({ dataFolder }: GatewayEnvironment): Promise<Finding[]> {
  const folder = resolve(dataFolder);
  const existing = await modeOf(folder);
  if (!(await canWrite(await nearestExisting(folder)))) {
    const advice = `give the user that runs Passerelle write access to ${folder}, or set PASSERELLE_DATA`;
    return [problem('data folder', `${folder} cannot be written`, advice)];
  }
  const findings = [
    ok('data folder', existing === null ? `${folder} will be made at the first start` : folder),
  ];
  const token = join(folder, 'admin-token');
  const mode = await modeOf(token);
  if (mode !== null && (mode & 0o077) !== 0) {
    findings.push(problem('admin token', `others may read ${token}`, `chmod 600 ${token}`));
  }
  return findings;
}

/** Where the folder, or the first of its parents that is missing, would be made. */
async function nearestExisting(folder: string): Promise<string> {
  const parent = dirname(folder);
  return parent === folder || (await modeOf(folder)) !== null ? folder : nearestExisting(parent);
}

async function modeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mode;
  } catch {
    return null;
  }
}

async function canWrite(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

export async function checkDatabase(
  { databaseUrl }: GatewayEnvironment,
  offline: Offline,
): Promise<Finding[]> {
  if (databaseUrl === null) return [ok('database', 'embedded (PGlite), for one process')];
  const asked = Date.now();
  try {
    const theirs = await within(TIMEOUT_MILLISECONDS, offline.databaseTime());
    const answered = Date.now();
    return [
      ok('database', `answers in ${duration(answered - asked, 'en')}`),
      clock('the database', theirs - (asked + answered) / 2, 0),
    ];
  } catch (error) {
    const advice = 'start PostgreSQL, or check host, port, user and password in DATABASE_URL';
    return [problem('database', `does not answer (${reasonOf(error)})`, advice)];
  }
}

/** @param unsureMilliseconds how far off the reading itself may be. */
export function clock(whose: string, aheadMilliseconds: number, unsureMilliseconds: number): Finding {
  const skew = Math.max(0, Math.abs(aheadMilliseconds) - unsureMilliseconds);
  const told = `${whose} is ${duration(Math.abs(aheadMilliseconds), 'en')} ${aheadMilliseconds > 0 ? 'ahead' : 'behind'}`;
  const advice = 'let both machines take their time from NTP (timedatectl)';
  if (skew > SKEW_PROBLEM_MILLISECONDS) return problem('clock', told, advice);
  if (skew > SKEW_WARNING_MILLISECONDS) return warning('clock', told, advice);
  return ok('clock', `agrees with ${whose}`);
}

export async function checkRedis({ redisUrl }: GatewayEnvironment): Promise<Finding[]> {
  if (redisUrl === null) return [ok('queue', 'in process (REDIS_URL is not set)')];
  const { Redis } = await import('ioredis');
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    connectTimeout: TIMEOUT_MILLISECONDS,
    retryStrategy: () => null,
  });
  let reason: unknown;
  redis.on('error', (error) => {
    reason = error;
  });
  try {
    await within(TIMEOUT_MILLISECONDS, redis.connect());
    const asked = Date.now();
    await within(TIMEOUT_MILLISECONDS, redis.ping());
    return [ok('queue', `Redis answers in ${duration(Date.now() - asked, 'en')}`)];
  } catch (error) {
    const message = `Redis does not answer (${reasonOf(reason ?? error)})`;
    return [problem('queue', message, 'start Redis, or check REDIS_URL')];
  } finally {
    redis.disconnect();
  }
}

/** @throws Error when it takes longer. */
async function within<T>(milliseconds: number, task: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${milliseconds / SECOND} s`)), milliseconds);
  });
  try {
    return await Promise.race([task, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Nothing is sent. Where tasks may be late and nobody is told of it, that is worth a word. */
export async function checkMail(
  { mail: { server, escalation }, directory: { connections } }: Configuration,
  offline: Offline,
): Promise<Finding[]> {
  if (server === null) return [];
  try {
    await offline.checkMail(server);
  } catch (error) {
    const advice =
      'see mail in docs/configuration.md; a server that is not public has to be under mail.allowedTargets';
    return [problem('mail', `${server.host}:${server.port}: ${reasonOf(error)}`, advice)];
  }
  const untold = connections.filter(({ id, asksPeople }) => asksPeople && !escalation.get(id)?.length);
  return [
    ok('mail', `${server.host}:${server.port}`),
    ...untold.map(({ id }) =>
      warning('mail', `nobody is told of tasks of ${id} that are late`, `say whom under escalation of ${id}`),
    ),
  ];
}

import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { until } from '../../../src/conformance/real-server.ts';

/** What the real CalDAV servers of the tests have in common. The password is made up. */

export const USERNAME = 'clinic';
export const PASSWORD = 'made-up-password';
export const BASIC = `Basic ${Buffer.from(`${USERNAME}:${PASSWORD}`).toString('base64')}`;

export type RawRequest = { readonly headers?: Record<string, string>; readonly body?: string };
export type RawResponse = { readonly status: number; readonly text: string; readonly etag: string | null };

export type CaldavServer = {
  readonly url: string;
  /** Another client: plain HTTP, none of the adapter's code. */
  readonly raw: (method: string, path: string, request?: RawRequest) => Promise<RawResponse>;
  /** Makes an empty calendar and gives its path. */
  readonly makeCalendar: () => Promise<string>;
  readonly stop: () => Promise<void>;
};

export type CaldavServerKind = {
  readonly name: string;
  /** Whether it can be started on this machine. Never rejects. */
  readonly isPresent: () => Promise<boolean>;
  readonly start: () => Promise<CaldavServer>;
};

export function serverAt(port: number, home: string, stop: () => Promise<void>): CaldavServer {
  const url = `http://127.0.0.1:${port}`;
  const raw: CaldavServer['raw'] = async (method, path, { headers = {}, body } = {}) => {
    const answer = await fetch(url + path, {
      method,
      headers: { authorization: BASIC, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    return { status: answer.status, text: await answer.text(), etag: answer.headers.get('etag') };
  };
  let made = 0;
  const makeCalendar = async (): Promise<string> => {
    made += 1;
    const path = `${home}agenda-${made}/`;
    const { status } = await raw('MKCALENDAR', path);
    if (status !== 201) throw new Error(`MKCALENDAR ${path}: HTTP ${status}`);
    return path;
  };
  return { url, raw, makeCalendar, stop };
}

export async function ready(
  name: string,
  child: ChildProcess,
  port: number,
  stop: () => Promise<void>,
): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000);
  });
  try {
    await until(`${name} answers`, async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual' });
      return answer.status > 0;
    });
  } catch (error) {
    await stop();
    throw new Error(`${name} did not start: ${said}`, { cause: error });
  }
}

/** Ends the process that we started, with those that it started where it leads a group, and removes its folder. */
export function stopper(child: ChildProcess, folder: string, leadsGroup = false): () => Promise<void> {
  const signal = (name: 'SIGTERM' | 'SIGKILL') => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    process.kill(leadsGroup ? -child.pid : child.pid, name);
  };
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return async () => {
    signal('SIGTERM');
    const timer = setTimeout(() => signal('SIGKILL'), 3_000);
    await exited;
    clearTimeout(timer);
    await rm(folder, { recursive: true, force: true });
  };
}

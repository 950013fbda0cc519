import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request as forward, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, until } from '../../../src/conformance/real-server.ts';

/** Real CalDAV servers on free ports, with their data in a temporary folder. The password is made up. */

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
  readonly binary: string;
  readonly start: () => Promise<CaldavServer>;
};

export const CALDAV_SERVERS: readonly CaldavServerKind[] = [
  { name: 'Radicale', binary: 'radicale', start: startRadicale },
  { name: 'Xandikos', binary: 'xandikos', start: startXandikos },
];

async function startRadicale(): Promise<CaldavServer> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-radicale-'));
  const port = await freePort();
  const users = join(folder, 'users');
  await writeFile(users, `${USERNAME}:${PASSWORD}\n`);
  const child = spawn('radicale', [
    ...['--config', '', '--hosts', `127.0.0.1:${port}`, '--no-ssl'],
    ...['--auth-type', 'htpasswd', '--auth-htpasswd-filename', users],
    ...['--auth-htpasswd-encryption', 'plain', '--auth-delay', '0'],
    ...['--rights-type', 'owner_only', '--storage-filesystem-folder', join(folder, 'data')],
  ]);
  const stop = stopper(child, folder);
  await ready('Radicale', child, port, stop);
  return serverAt(port, `/${USERNAME}/`, stop);
}

/** Xandikos knows no passwords: it is run behind a proxy that does, as its manual says. */
async function startXandikos(): Promise<CaldavServer> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-xandikos-'));
  const port = await freePort();
  const child = spawn('xandikos', [
    ...['--directory', folder, '--defaults', '--current-user-principal', `/${USERNAME}/`],
    ...['--listen-address', '127.0.0.1', '--port', String(port)],
  ]);
  const stopServer = stopper(child, folder);
  await ready('Xandikos', child, port, stopServer);
  const proxy = await startAuthenticatingProxy(port);
  const address = proxy.address();
  const proxyPort = typeof address === 'object' && address ? address.port : 0;
  return serverAt(proxyPort, `/${USERNAME}/calendars/`, async () => {
    proxy.closeAllConnections();
    proxy.close();
    await stopServer();
  });
}

function startAuthenticatingProxy(port: number): Promise<Server> {
  const proxy = createServer((incoming, outgoing) => {
    if (incoming.headers.authorization !== BASIC) {
      outgoing.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
      return;
    }
    const { method, url: path, headers } = incoming;
    const onward = forward({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  return new Promise((resolve) => {
    proxy.listen(0, '127.0.0.1', () => resolve(proxy));
  });
}

function serverAt(port: number, home: string, stop: () => Promise<void>): CaldavServer {
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

async function ready(
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

/** Ends the process that we started and removes its folder. */
function stopper(child: ChildProcess, folder: string): () => Promise<void> {
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 3_000);
    await exited;
    clearTimeout(timer);
    await rm(folder, { recursive: true, force: true });
  };
}

import { spawn } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, request as forward, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, hasBinary } from '../../../src/conformance/real-server.ts';
import { DAVICAL } from './davical.ts';
import {
  BASIC,
  type CaldavServer,
  type CaldavServerKind,
  PASSWORD,
  ready,
  serverAt,
  stopper,
  USERNAME,
} from './server.ts';

/** Real CalDAV servers on free ports, with their data in a temporary folder. */

export const CALDAV_SERVERS: readonly CaldavServerKind[] = [
  { name: 'Radicale', isPresent: async () => hasBinary('radicale'), start: startRadicale },
  { name: 'Xandikos', isPresent: async () => hasBinary('xandikos'), start: startXandikos },
  DAVICAL,
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

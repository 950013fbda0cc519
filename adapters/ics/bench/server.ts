import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a feed is: a file on a web server, at an address that nobody can guess. The password is made up. */

export const USERNAME = 'clinic';
export const PASSWORD = 'made-up-password';
const BASIC = `Basic ${Buffer.from(`${USERNAME}:${PASSWORD}`).toString('base64')}`;

export type FeedServer = {
  readonly url: string;
  /** Path of the feed, without its host. */
  readonly path: string;
  /** Replaces the file in one step, as whoever publishes it does. @param modified default: now. */
  readonly write: (content: string | Buffer, modified?: Date) => Promise<void>;
  readonly read: () => Promise<string>;
  /** Headers of its answers beside or in place of its own; null = without that one. */
  headers: Readonly<Record<string, string | null>>;
  /** Statuses that it answered, in order. */
  readonly answered: number[];
  readonly stop: () => Promise<void>;
};

export async function startFeedServer(): Promise<FeedServer> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-feed-'));
  const file = join(folder, 'agenda.ics');
  const path = '/partage/3f9c1d6b-adresse-secrete/agenda.ics?cle=made-up';
  const answered: number[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [status, headers, body] = await answerTo(request);
    answered.push(status);
    const own = Object.entries({ ...headers, ...server.headers });
    response.writeHead(
      status,
      Object.fromEntries(own.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
    );
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  async function answerTo({
    url,
    headers,
  }: IncomingMessage): Promise<[status: number, headers: Record<string, string>, body: Buffer | string]> {
    if (headers.authorization !== BASIC) return [401, { 'www-authenticate': 'Basic realm="feeds"' }, ''];
    if (url !== path) return [404, {}, ''];
    const [body, { mtime }] = await Promise.all([readFile(file), stat(file)]);
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
    const validators = { etag, 'last-modified': mtime.toUTCString() };
    // RFC 9110, 13.2.2: If-Modified-Since counts only where there is no If-None-Match.
    const known = headers['if-none-match'];
    const since = Date.parse(headers['if-modified-since'] ?? '');
    const isSame =
      known !== undefined ? known === etag : since >= Math.floor(mtime.getTime() / 1_000) * 1_000;
    if (isSame) return [304, validators, ''];
    return [200, { ...validators, 'content-type': 'text/calendar; charset=utf-8' }, body];
  }

  const listener = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const server: FeedServer = {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    path,
    headers: {},
    answered,
    async write(content, modified) {
      await writeFile(`${file}.new`, content);
      if (modified) await utimes(`${file}.new`, modified, modified);
      await rename(`${file}.new`, file);
    },
    read: () => readFile(file, 'utf8'),
    async stop() {
      listener.closeAllConnections();
      await new Promise((resolve) => listener.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
  return server;
}

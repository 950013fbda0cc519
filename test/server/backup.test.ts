import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { OperationOutcome } from 'fhir/r4.js';
import { connectToGateway } from '../../src/cli/gateway-client.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { type Served, serve, TOKEN } from '../support/served-front.ts';

describe('GET /api/backup', () => {
  let served: Served | null = null;
  afterEach(async () => {
    await served?.close();
    served = null;
  });

  const clientOf = (url: string) => connectToGateway(readEnvironment({}), { url, token: TOKEN });

  async function collected(chunks: AsyncIterable<Uint8Array>): Promise<string> {
    const all: Uint8Array[] = [];
    for await (const chunk of chunks) all.push(chunk);
    return Buffer.concat(all).toString();
  }

  it('hands over what was made for it, to the administrator alone', async () => {
    const chunks = ['a line\n', 'and ', 'the rest'].map((text) => Buffer.from(text));
    let taken = 0;
    const takeBackup = async () => {
      taken += 1;
      return { byteLength: 19, chunks };
    };
    served = await serve({ takeBackup });
    for (const authorization of ['', 'Bearer another']) {
      expect((await served.request('GET', '/api/backup', { headers: { authorization } })).status).to.equal(
        401,
      );
    }
    expect(taken).to.equal(0);
    const { status, headers } = await served.request('GET', '/api/backup');
    expect({
      status,
      length: headers.get('content-length'),
      cache: headers.get('cache-control'),
    }).to.deep.equal({
      status: 200,
      length: '19',
      cache: 'no-store',
    });
    expect(await collected(await (await clientOf(served.url)).backup())).to.equal('a line\nand the rest');
  });

  it('names the tools of PostgreSQL where that is the database', async () => {
    served = await serve();
    const { status, json } = await served.request('GET', '/api/backup');
    expect(status).to.equal(404);
    expect(json<OperationOutcome>().issue[0]?.diagnostics).to.contain('pg_dump');
  });

  it('is not taken for whole by the command when the gateway goes away before its end', async () => {
    const server: Server = createServer((_, response) => {
      response.writeHead(200, { 'content-length': 19 });
      response.write('a line\n', () => response.destroy());
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const client = await clientOf(`http://127.0.0.1:${port}`);
    const failed = await collected(await client.backup()).catch((error: Error) => error.message);
    expect(failed).to.contain('went away before the backup was whole');
    await new Promise((resolve) => server.close(resolve));
  });
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { expect } from 'chai';
import express from 'express';
import { CONSOLE_PAGES, consolePages } from '../../src/server/console.ts';

const PAGE = '<!doctype html><title>Passerelle</title>';
const SCRIPT = 'export {};';

describe('the files of the console', () => {
  let folder: string;
  let url: string;
  let close: () => void;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'passerelle-console-'));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), PAGE);
    writeFileSync(join(folder, 'assets', 'index-abc.js'), SCRIPT);
    writeFileSync(join(folder, 'assets', 'index-abc.js.br'), brotliCompressSync(SCRIPT));
    writeFileSync(join(folder, 'secret.txt'), 'not ours');
    const app = express()
      .use(consolePages(folder))
      .use((_request, response) => void response.sendStatus(404));
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    close = () => server.close();
  });
  after(() => {
    close();
    rmSync(folder, { recursive: true });
  });
  const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(url + path, init);

  for (const path of CONSOLE_PAGES) {
    it(`shows its page at ${path}, under a policy that takes scripts and styles of ours only`, async () => {
      const answer = await get(`${path}?day=2026-11-30`);
      expect(await answer.text()).to.equal(PAGE);
      expect(answer.headers.get('cache-control')).to.equal('no-cache');
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy)
        .to.contain("default-src 'none'")
        .and.contain("script-src 'self'")
        .and.contain("frame-ancestors 'none'");
      expect(policy).not.to.contain('unsafe');
    });
  }

  it('has the same policy where the page is as the browser knows it', async () => {
    const etag = (await get('/agenda')).headers.get('etag') ?? '';
    const answer = await get('/agenda', { headers: { 'if-none-match': etag } });
    expect(answer.status).to.equal(304);
    expect(answer.headers.get('content-security-policy')).to.contain("script-src 'self'");
  });

  it('hands over what it was built into, compressed and for good', async () => {
    const plain = await get('/assets/index-abc.js', { headers: { 'accept-encoding': 'identity' } });
    expect(await plain.text()).to.equal(SCRIPT);
    expect(plain.headers.get('cache-control')).to.contain('immutable');
    const answer = await get('/assets/index-abc.js', { headers: { 'accept-encoding': 'br' } });
    expect(answer.headers.get('content-encoding')).to.equal('br');
    expect(await answer.text()).to.equal(SCRIPT);
    expect(brotliDecompressSync(readFileSync(join(folder, 'assets', 'index-abc.js.br'))).toString()).to.equal(
      SCRIPT,
    );
  });

  it('is no way to anything else', async () => {
    for (const path of [
      '/secret.txt',
      '/assets/../secret.txt',
      '/assets/%2e%2e/secret.txt',
      '/index.html',
      '/agenda/',
    ]) {
      expect((await get(path)).status, path).to.equal(404);
    }
    expect((await get('/', { method: 'POST' })).status).to.equal(404);
  });

  it('is not there where it was not built', async () => {
    const answers: string[] = [];
    consolePages(join(folder, 'none'))({} as never, {} as never, () => answers.push('next'));
    expect(answers).to.deep.equal(['next']);
  });
});

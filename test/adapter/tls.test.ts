import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSender } from '../../src/subscriptions/send.ts';
import { packageRoot } from '../../src/system/package-root.ts';
import { type Certificate, selfSigned } from '../support/certificate.ts';
import { start } from '../support/command-process.ts';
import { makeDataFolder } from '../support/data-folder.ts';
import { loopback } from '../support/loopback.ts';
import { faultOf, platformHttp } from '../support/platform-http.ts';
import { hasBinary, requireServer } from '../support/servers.ts';

const VARIABLE = 'NODE_TLS_REJECT_UNAUTHORIZED';

describe('TLS', function () {
  this.timeout(30_000);
  let certificate: Certificate;
  let server: Server;
  let url: string;
  let requests: number;

  before(requireServer('openssl', hasBinary('openssl')));
  const serve = async (name: string): Promise<void> => {
    certificate = await selfSigned(name);
    requests = 0;
    server = createServer(certificate, (_request, response) => {
      requests += 1;
      response.end('{"ok":true}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  afterEach(async () => {
    delete process.env[VARIABLE];
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await certificate.remove();
  });

  for (const variable of [undefined, '0']) {
    it(`refuses a certificate that nobody vouches for, with ${VARIABLE} ${variable ?? 'not set'}`, async () => {
      await serve('127.0.0.1');
      if (variable !== undefined) process.env[VARIABLE] = variable;
      const http = platformHttp(url);
      for (const method of ['GET', 'POST'] as const) {
        const { kind, message } = await faultOf(() => http.request({ method, path: '/x', body: {} }));
        // A write too: it was never sent.
        expect(kind).to.equal('unavailable');
        expect(message).to.contain('127.0.0.1 is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)');
        expect(message).to.contain('NODE_EXTRA_CA_CERTS');
      }
      http.close();
      const sender = createSender(loopback, { now: () => Date.now() as never });
      const sent = await sender.send(
        { id: 'a', method: 'POST', url, body: null },
        { secret: 'whsec_AA', headers: [] },
      );
      expect(sent).to.deep.include({ trouble: { kind: 'unreachable', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
      sender.close();
      expect(requests).to.equal(0);
    });
  }

  it(`sends nothing by fetch either, with ${VARIABLE} 0, and says that it has no effect`, async () => {
    await serve('127.0.0.1');
    const folder = await makeDataFolder({ embedded: false });
    await writeFile(join(folder, 'admin-token'), 'un-jeton-fictif');
    const variables = { PATH: process.env['PATH'] ?? '', PASSERELLE_DATA: folder, [VARIABLE]: '0' };
    const { child, output } = start(['status', '--url', url], variables);
    const [code] = await once(child, 'close');
    await rm(folder, { recursive: true });
    expect([code, requests], output()).to.deep.equal([1, 0]);
    expect(output()).to.contain(`${VARIABLE} has no effect here`);
  });

  it('takes the authority that NODE_EXTRA_CA_CERTS names, and only for the names in the certificate', async () => {
    await serve('127.0.0.1');
    expect(await asked(url, certificate.file)).to.equal('{"ok":true}');
    expect(requests).to.equal(1);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await certificate.remove();
    await serve('elsewhere.example');
    expect(await asked(url, certificate.file)).to.contain('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(requests).to.equal(0);
  });
});

/** What a process with that authority is answered, or the message of the fault: Node reads the variable as it starts. */
async function asked(url: string, authority: string): Promise<string> {
  const program = `
    import { platformHttp } from './test/support/platform-http.ts';
    const http = platformHttp('${url}', { timeoutMilliseconds: 10000 });
    const said = await http.request({ method: 'GET', path: '/x' }).then(({ text }) => text, ({ message }) => message);
    process.stdout.write(said);
    http.close();`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    cwd: packageRoot,
    env: { PATH: process.env['PATH'] ?? '', NODE_EXTRA_CA_CERTS: authority },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => (text += String(chunk)));
  await once(child, 'close');
  return text;
}

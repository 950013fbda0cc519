import { connect, type Socket } from 'node:net';
import { expect } from 'chai';
import { isFault } from '../../src/adapter/faults.ts';
import { createMllpClient } from '../../src/adapter/mllp/client.ts';
import { listenMllp, type MllpServerOptions } from '../../src/adapter/mllp/server.ts';
import { createTargets } from '../../src/adapter/targets.ts';
import { type Certificate, selfSigned } from '../support/certificate.ts';
import { until } from '../support/servers.ts';

const ECHO: MllpServerOptions = {
  host: '127.0.0.1',
  port: 0,
  tls: null,
  peers: [],
  bytesMax: 1_000,
  answer: async (message) => [message],
  refuse: () => null,
  onQuiet: async () => undefined,
};

const send = (
  url: string,
  tls: Parameters<typeof createMllpClient>[0]['tls'] = null,
  allowed = ['127.0.0.1'],
) =>
  createMllpClient({ url, tls, targets: createTargets(allowed), timeoutMilliseconds: 5_000, bytesMax: 1_000 })
    .send(Buffer.from('MSH|'))
    .then(
      (answer) => answer.toString(),
      (error: unknown) => (isFault(error) ? error.kind : 'thrown'),
    );

describe('MLLP', () => {
  let certificate: Certificate;
  before(async () => {
    certificate = await selfSigned('127.0.0.1');
  });
  after(() => certificate.remove());

  it('is spoken over TLS, with a certificate on both sides', async () => {
    const { key, cert } = certificate;
    const server = await listenMllp({ ...ECHO, tls: { key, cert, ca: cert } });
    const url = `mllps://${server.address}`;
    expect(await send(url, { key, cert, ca: cert })).to.equal('MSH|');
    // TLS 1.3 tells a client without a certificate once it has sent.
    expect(await send(url, { ca: cert })).to.be.oneOf(['unsure', 'unavailable']);
    expect(await send(url, null)).to.equal('unavailable');
    expect(await send(`mllp://${server.address}`)).to.equal('unsure');
    await server.close();
  });

  it('is spoken with the addresses that are named, and no others', async () => {
    const server = await listenMllp({ ...ECHO, peers: ['192.0.2.1'] });
    expect(await send(`mllp://${server.address}`)).to.be.oneOf(['unsure', 'unavailable']);
    await server.close();
    const open = await listenMllp({ ...ECHO, peers: ['127.0.0.1'] });
    expect(await send(`mllp://${open.address}`)).to.equal('MSH|');
    await open.close();
  });

  it('trusts no certificate that nobody vouches for, whatever the environment says', async () => {
    const server = await listenMllp({ ...ECHO, tls: certificate });
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect(await send(`mllps://${server.address}`)).to.equal('unavailable');
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
    await server.close();
  });

  for (const secure of [false, true])
    it(`keeps a place for others, whatever one address opens${secure ? ', over TLS' : ''}`, async () => {
      const { key, cert } = certificate;
      const server = await listenMllp({
        ...ECHO,
        host: '127.0.0.1',
        tls: secure ? { key, cert, ca: cert } : null,
      });
      const port = Number(server.address.split(':')[1]);
      const from = (localAddress: string): Promise<Socket> =>
        new Promise((resolve) => {
          const socket = connect({ port, host: '127.0.0.1', localAddress }, () => resolve(socket));
          socket.on('error', () => undefined);
        });
      // They open, and say nothing: 127.0.0.0/8 is all of this machine.
      const opened = await Promise.all(Array.from({ length: 40 }, () => from('127.0.0.2')));
      const tls = secure ? { key, cert, ca: cert } : null;
      const url = `${secure ? 'mllps' : 'mllp'}://127.0.0.1:${port}`;
      // More than one address may have, one after the other: those that end are counted no more.
      for (let times = 0; times < 20; times += 1) expect(await send(url, tls)).to.equal('MSH|');
      await until(
        'the rest was turned away',
        async () => opened.filter(({ destroyed }) => !destroyed).length === 8,
      );
      for (const socket of opened) socket.destroy();
      await server.close();
    });

  it('turns away whoever is no peer before a handshake', async () => {
    const { key, cert } = certificate;
    const server = await listenMllp({ ...ECHO, tls: { key, cert }, peers: ['192.0.2.1'] });
    const socket = connect(Number(server.address.split(':')[1]), '127.0.0.1');
    socket.on('error', () => undefined);
    await new Promise<void>((resolve) => socket.once('close', () => resolve()));
    await server.close();
  });

  it('is quiet while somebody is connected and nothing is being answered, and only then', async () => {
    let answering = 0;
    const seen: number[] = [];
    let heardQuiet = (): void => undefined;
    const server = await listenMllp({
      ...ECHO,
      quietMilliseconds: 2,
      async answer(message) {
        answering += 1;
        // Many times as long as it takes to ask whether it is quiet.
        await new Promise((resolve) => setTimeout(resolve, 60));
        answering -= 1;
        return [message];
      },
      async onQuiet() {
        seen.push(answering);
        heardQuiet();
      },
    });
    const client = connect(Number(server.address.split(':')[1]), '127.0.0.1');
    const answered = new Promise((resolve) => client.once('data', resolve));
    client.write(Buffer.from('\x0bMSH|\x1c\r', 'latin1'));
    await answered;
    await new Promise<void>((resolve) => {
      heardQuiet = resolve;
    });
    expect(new Set(seen)).to.deep.equal(new Set([0]));
    client.destroy();
    await server.close();
  });

  it('is spoken where the configuration allows it', async () => {
    expect(await send('mllp://127.0.0.1:9', null, [])).to.equal('forbidden');
    expect(await send('mllp://localhost:9', null, [])).to.equal('forbidden');
    expect(await send('mllp://127.0.0.1:9')).to.equal('unavailable');
  });

  it('answers what it was answering before it ends', async () => {
    let letGo = (): void => undefined;
    let came = (): void => undefined;
    const heard = new Promise<void>((resolve) => {
      came = resolve;
    });
    const server = await listenMllp({
      ...ECHO,
      answer: (message) =>
        new Promise((resolve) => {
          letGo = () => resolve([message]);
          came();
        }),
    });
    const answered = send(`mllp://${server.address}`);
    await heard;
    const closed = server.close();
    letGo();
    expect(await answered).to.equal('MSH|');
    await closed;
  });
});

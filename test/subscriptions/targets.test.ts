import { expect } from 'chai';
import { createTargets, type Resolve } from '../../src/adapter/targets.ts';
import { instant } from '../../src/domain/instant.ts';
import { onEachDatabase } from '../support/databases.ts';
import { type Subscriber, startSubscriber } from '../support/subscriber.ts';
import { CLEAN, SUBSCRIPTION, type ToldClinic, toldClinic } from '../support/told-clinic.ts';

const PUBLIC = ['93.184.215.14', '2606:4700::1111'];

/** Addresses that only we can reach, or nobody, by what they are (IANA's special-purpose registries). */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.1', '127.8.8.8', '::1'],
  'this host': ['0.0.0.0', '::'],
  private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fd00::1', 'fc00::1'],
  'link-local, cloud metadata among it': ['169.254.169.254', 'fe80::1', 'fe80::1%eth0'],
  'carrier-grade NAT': ['100.64.0.1', '100.127.255.254'],
  multicast: ['224.0.0.1', '239.255.255.250', 'ff02::1'],
  broadcast: ['255.255.255.255'],
  'documentation and benchmarks': ['192.0.2.1', '198.51.100.1', '203.0.113.1', '198.18.0.1', '2001:db8::1'],
  'reserved and protocols': ['192.0.0.1', '192.88.99.1', '240.0.0.1', '100::1', '4000::1', 'fec0::1'],
  'IPv4 in IPv6': ['::ffff:127.0.0.1', '::ffff:10.0.0.1', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::1'],
  tunnels: ['2002:7f00:1::', '2001:0:1::1'],
};

const resolving =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

const problem = (allowed: string[], endpoint: string, ...addresses: string[]) =>
  createTargets(allowed, resolving(...addresses)).problemOf(endpoint);

describe('a target', () => {
  for (const address of PUBLIC) {
    it(`may be called by https at ${address}`, async () => {
      expect(await problem([], 'https://target.example/', address)).to.equal(null);
      expect(await problem([], 'http://target.example/', address)).to.equal('not-https');
    });
  }

  for (const [what, addresses] of Object.entries(OTHERS)) {
    for (const address of addresses) {
      it(`may not be called at ${address}: ${what}`, async () => {
        expect(await problem([], 'https://target.example/', address)).to.equal('forbidden-address');
        expect(await problem([], 'https://target.example/', ...PUBLIC, address)).to.equal(
          'forbidden-address',
        );
        if (address.includes('%')) return;
        const literal = address.includes(':') ? `[${address}]` : address;
        const targets = createTargets([], resolving(...PUBLIC));
        expect(await targets.problemOf(`https://${literal}/`)).to.equal('forbidden-address');
        expect(targets.problemOfAddress(`https://${literal}/`)).to.equal('forbidden-address');
      });
    }
  }

  it('may not hide its address in another way of writing it', async () => {
    const targets = createTargets([], resolving(...PUBLIC));
    for (const host of ['2130706433', '0x7f.1', '127.1', '0177.0.0.1', '[::ffff:7f00:1]', '127.0.0.1.']) {
      expect(await targets.problemOf(`https://${host}/`), host).to.equal('forbidden-address');
    }
  });

  it('needs an address', async () => {
    expect(await problem([], 'https://target.example/')).to.equal('unknown-host');
    const failing = createTargets([], async () => {
      throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
    });
    expect(await failing.problemOf('https://target.example/')).to.equal('unknown-host');
  });

  it('that is allowed by name, address or network may be called, also by http', async () => {
    const hosts = ['http', 'https'].map((scheme) => `${scheme}://hooks.internal:8080/`);
    for (const endpoint of hosts) {
      for (const allowed of ['hooks.internal', 'HOOKS.internal', '10.1.2.3', '10.1.0.0/16']) {
        expect(await problem([allowed], endpoint, '10.1.2.3'), allowed).to.equal(null);
      }
      for (const other of ['internal', 'other.internal', '10.1.2.4', '10.2.0.0/16', 'fd00::/8']) {
        expect(await problem([other], endpoint, '10.1.2.3'), other).to.equal('forbidden-address');
      }
      expect(await problem(['10.1.0.0/16'], endpoint, '10.1.2.3', '10.2.2.3')).to.equal('forbidden-address');
      expect(await problem(['fd00::/8'], endpoint, 'fd12::1')).to.equal(null);
    }
  });
});

describe('a connection to a target', () => {
  onEachDatabase((open) => {
    let clinic: ToldClinic;
    let subscriber: Subscriber;
    before(async () => {
      clinic = await toldClinic(open(), instant(Date.now()));
      subscriber = await startSubscriber();
    });
    after(async () => {
      clinic.close();
      await subscriber.close();
    });
    beforeEach(() => open().script(CLEAN));

    const told = async (endpoint: string, resolve: Resolve, allowed: string[] = []) => {
      subscriber.received.length = 0;
      await clinic.subscribe(SUBSCRIPTION, { endpoint });
      await clinic.write(1);
      await clinic.settle(clinic.notifier({ resolve, allowed }));
      return { ...(await clinic.subscription(SUBSCRIPTION)), received: subscriber.received.length };
    };

    it('is made where its name leads, if that is allowed', async () => {
      const endpoint = `http://hooks.internal:${subscriber.port}/hook`;
      expect(await told(endpoint, resolving('127.0.0.1'), ['127.0.0.1'])).to.include({
        status: 'active',
        received: 1,
      });
    });

    it('is not made where it leads by then, if that is another than was looked at', async () => {
      for (const scheme of ['http', 'https']) {
        await open().script(CLEAN);
        const endpoint = `${scheme}://hooks.example:${subscriber.port}/hook`;
        expect(await told(endpoint, resolving('127.0.0.1'))).to.deep.include({
          status: 'error',
          trouble: { kind: 'forbidden-address' },
          received: 0,
        });
      }
    });

    it('is not made where one of its addresses is forbidden', async () => {
      const endpoint = `http://hooks.example:${subscriber.port}/hook`;
      const found = await told(endpoint, resolving('127.0.0.1', '10.0.0.1'), ['127.0.0.1']);
      expect(found).to.deep.include({ trouble: { kind: 'forbidden-address' }, received: 0 });
    });

    it('is not made to an address that was allowed once', async () => {
      expect(await told(subscriber.url, resolving())).to.deep.include({
        status: 'error',
        trouble: { kind: 'forbidden-address' },
        received: 0,
      });
    });

    it('is not made where there is no address', async () => {
      const unknown: Resolve = async () => {
        throw Object.assign(new Error('no'), { code: 'ENOTFOUND' });
      };
      expect(await told('https://hooks.example/', unknown)).to.deep.include({
        trouble: { kind: 'unreachable', code: 'ENOTFOUND' },
        received: 0,
      });
    });
  });
});

import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect } from 'chai';
import { addressOf, networkOf, proxiesIn } from '../../src/server/client-address.ts';

function from(remoteAddress: string, forwarded?: string): IncomingMessage {
  const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress });
  const request = new IncomingMessage(socket);
  if (forwarded !== undefined) request.headers['x-forwarded-for'] = forwarded;
  return request;
}

describe('the address of a client', () => {
  const isProxy = proxiesIn(['10.0.0.0/8', '::1', 'fd00::/8']);

  const cases: readonly (readonly [
    name: string,
    remote: string,
    forwarded: string | undefined,
    client: string,
  ])[] = [
    ['is the one of the connection', '203.0.113.9', undefined, '203.0.113.9'],
    ['is not what a client says of itself', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['is the one that a proxy heard', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['is not what a client told a proxy', '10.0.0.1', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['is the one before all proxies', '::1', '1.1.1.1, 198.51.100.1, 10.9.9.9, fd00::2', '198.51.100.1'],
    ['is the proxy’s where that says none', '10.0.0.1', undefined, '10.0.0.1'],
    ['is the proxy’s where that says what is none', '10.0.0.1', '198.51.100.1, unknown', '10.0.0.1'],
    ['is the first one where all are proxies', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['is heard of a proxy by a mapped address', '::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
  ];
  for (const [name, remote, forwarded, client] of cases)
    it(name, () => expect(addressOf(from(remote, forwarded), isProxy)).to.equal(client));

  it('is never another’s where no proxy is trusted', () => {
    expect(addressOf(from('127.0.0.1', '198.51.100.1'), proxiesIn([]))).to.equal('127.0.0.1');
  });

  it('stands for its network: 64 bits of IPv6, all of IPv4', () => {
    expect(networkOf('203.0.113.9')).to.equal('203.0.113.9');
    expect(networkOf('::ffff:203.0.113.9')).to.equal('203.0.113.9');
    expect(networkOf('::ffff:cb00:7109')).to.equal('203.0.113.9');
    expect(networkOf('2001:db8:1:2:3:4:5:6')).to.equal('2001:db8:1:2::/64');
    expect(networkOf('2001:db8:1:2::7')).to.equal('2001:db8:1:2::/64');
    expect(networkOf('2001:db8:1:3::7')).to.equal('2001:db8:1:3::/64');
    expect(networkOf('fe80::1%eth0')).to.equal('fe80:0:0:0::/64');
    expect(networkOf('')).to.equal('');
  });
});

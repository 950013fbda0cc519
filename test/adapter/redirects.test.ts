import { expect } from 'chai';
import type { Http } from '../../src/adapter/http.ts';
import { faultOf, platformHttp } from '../support/platform-http.ts';
import { type Subscriber, startSubscriber } from '../support/subscriber.ts';

describe('a redirect', () => {
  let server: Subscriber;
  let other: Subscriber;
  let http: Http;

  beforeEach(async () => {
    [server, other] = await Promise.all([startSubscriber(), startSubscriber()]);
    http = platformHttp(`http://127.0.0.1:${server.port}/dav/`);
  });
  afterEach(async () => {
    http.close();
    await Promise.all([server.close(), other.close()]);
  });

  const paths = () => server.received.map(({ method, path }) => `${method} ${path}`);
  const redirect = (status: number, location: (path: string) => string | null) => {
    server.answer = (_request, response, { path }) => {
      const to = location(path);
      if (to === null) response.writeHead(200).end('here');
      else response.writeHead(status, { location: to }).end();
    };
  };
  const find = (path = '/a') =>
    http.request({ method: 'PROPFIND', path, query: { q: 1 }, body: '<x/>', writes: false });

  for (const status of [301, 302, 307, 308]) {
    it(`${status} to the same origin is followed by a reading, as it was sent`, async () => {
      redirect(status, (path) => (path.startsWith('/dav/a') ? '/dav/b/?c=2' : null));
      expect((await find()).text).to.equal('here');
      expect(paths()).to.deep.equal(['PROPFIND /dav/a?q=1', 'PROPFIND /dav/b/?c=2']);
      expect(server.received[1]).to.deep.include({ body: '<x/>' });
      expect(server.received[1]?.headers['authorization']).to.equal('Bearer k');
    });

    it(`${status} to another host, port or scheme is not, and takes nothing there`, async () => {
      for (const origin of [
        `http://127.0.0.1:${other.port}`,
        `//127.0.0.1:${other.port}`,
        `http://127.0.0.1:${server.port}@127.0.0.1:${other.port}`,
        `http://localhost:${server.port}`,
        `https://127.0.0.1:${server.port}`,
        'ftp://127.0.0.1',
      ]) {
        server.received.length = 0;
        redirect(status, () => `${origin}/dav/b`);
        const fault = await faultOf(() => find());
        expect([fault.kind, fault.message]).to.deep.equal([
          'malformed',
          `PROPFIND /a: HTTP ${status}, a redirect`,
        ]);
        expect(server.received, origin).to.have.length(1);
      }
      expect(other.received).to.deep.equal([]);
    });
  }

  it('is followed three times, and not for ever', async () => {
    redirect(302, (path) => `${path.split('?')[0]}x`);
    expect((await faultOf(() => find())).message).to.equal('PROPFIND /axxx: HTTP 302, a redirect');
    expect(paths()).to.have.length(4);
  });

  it('is not followed out of what the connection is for, nor to nowhere', async () => {
    for (const location of ['/elsewhere', '/davx/b', '../..', '//', 'http://[', '']) {
      redirect(302, () => location);
      expect((await faultOf(() => find())).message, location).to.contain('a redirect');
    }
    redirect(303, () => '/dav/b');
    expect((await faultOf(() => find())).message).to.contain('HTTP 303');
  });

  it('is not followed by a write: whether it was made is not said', async () => {
    redirect(307, (path) => (path === '/dav/a' ? '/dav/b' : null));
    const fault = await faultOf(() => http.request({ method: 'PUT', path: '/a', body: 'x' }));
    expect(fault.kind).to.equal('malformed');
    expect(paths()).to.deep.equal(['PUT /dav/a']);
  });
});

import { expect } from 'chai';
import { connect } from '../support/caldav-client.ts';
import { faultOf } from '../support/platform-http.ts';
import { type Subscriber, startSubscriber } from '../support/subscriber.ts';

/** RFC 6764, section 5: a server may say where its calendars are by a redirect of /.well-known/caldav. */
describe('caldav: /.well-known/caldav', () => {
  let server: Subscriber;
  let other: Subscriber;
  beforeEach(async () => {
    [server, other] = await Promise.all([startSubscriber(), startSubscriber()]);
  });
  afterEach(() => Promise.all([server.close(), other.close()]));

  const check = async (location: string): Promise<void> => {
    server.answer = (_request, response, { path }) => {
      if (path === '/.well-known/caldav') response.writeHead(301, { location }).end();
      else {
        const answer = `<d:response><d:href>${path}</d:href><d:status>HTTP/1.1 207 OK</d:status></d:response>`;
        response.writeHead(207, { 'content-type': 'application/xml' });
        response.end(`<?xml version="1.0"?><d:multistatus xmlns:d="DAV:">${answer}</d:multistatus>`);
      }
    };
    const platform = connect(`http://127.0.0.1:${server.port}/.well-known/caldav`);
    await platform.check(AbortSignal.timeout(5_000));
    await platform.close();
  };

  it('is followed on the same server, by the same PROPFIND', async () => {
    await check('/dav/');
    expect(server.received.map(({ method, path }) => [method, path])).to.deep.equal([
      ['PROPFIND', '/.well-known/caldav'],
      ['PROPFIND', '/dav/'],
    ]);
    expect(server.received[1]?.body).to.equal(server.received[0]?.body).and.to.contain('resourcetype');
  });

  it('is not followed to another one, where the password would go along', async () => {
    expect((await faultOf(() => check(`http://127.0.0.1:${other.port}/dav/`))).kind).to.equal('malformed');
    expect(other.received).to.deep.equal([]);
  });
});

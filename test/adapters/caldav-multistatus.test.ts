import { expect } from 'chai';
import { ask } from '../../adapters/caldav/multistatus.ts';
import { faultOf, platformHttp } from '../support/platform-http.ts';
import { type Subscriber, startSubscriber } from '../support/subscriber.ts';

/** What a server answers in place of a multistatus (RFC 4918, section 13). */
describe('caldav: an answer that is not well-formed', () => {
  let server: Subscriber;
  beforeEach(async () => {
    server = await startSubscriber();
  });
  afterEach(() => server.close());

  const response = '<d:response><d:href>/c/a.ics</d:href><d:status>HTTP/1.1 200 OK</d:status></d:response>';
  const whole = `<d:multistatus xmlns:d="DAV:">${response}${response}</d:multistatus>`;

  async function asked(text: string): Promise<number> {
    server.answer = (_request, answer) =>
      answer.writeHead(207, { 'content-type': 'application/xml' }).end(text);
    const http = platformHttp(`http://127.0.0.1:${server.port}`);
    try {
      const report = await ask(http, { method: 'PROPFIND', path: '/c/', depth: '1', body: {} });
      return report.kind === 'multistatus' ? report.answers.length : 0;
    } finally {
      http.close();
    }
  }

  it('is no list, also where it was cut off between two of its answers', async () => {
    expect(await asked(whole)).to.equal(2);
    const cut = whole.slice(0, whole.indexOf(response) + response.length);
    for (const text of [cut, whole.slice(0, -1), `${whole}x`, ''])
      expect((await faultOf(() => asked(text))).kind, text).to.equal('malformed');
  });

  it('holds up nothing else, however much of it there is', async () => {
    const text = (filler: string): string =>
      `<d:multistatus xmlns:d="DAV:"/>${filler.repeat(2_000_000)}<!---->`;
    const began = performance.now();
    for (const filler of ['x', '&', '<'])
      expect((await faultOf(() => asked(text(filler)))).kind, filler).to.equal('malformed');
    expect(performance.now() - began).to.be.below(5_000);
  });
});

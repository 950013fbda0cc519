import { expect } from 'chai';
import { SECOND } from '../../src/domain/instant.ts';
import { manualClock } from '../adapter/manual-clock.ts';
import { faultOf } from '../support/platform-http.ts';
import { type Answered, type Asked, BASIS, NOW, rows, SETTINGS, scripted } from './scripted.ts';

/** How each request of a description says who we are. */

/** Of who is never stopped. */
const { signal } = new AbortController();
const bearer = (asked: Asked | undefined): string | undefined => asked?.headers['authorization'];

describe('a description authenticates', () => {
  const first = async (authentication: object, more: object = {}): Promise<Asked> => {
    const { platform, asked } = scripted({ ...BASIS, authentication, ...more }, () => ({}));
    await platform.check(signal);
    const [request] = asked;
    if (!request) throw new Error('nothing was asked');
    return request;
  };

  it('by a bearer token', async () => {
    expect(bearer(await first({ type: 'bearer', token: 'secret' }))).to.equal('Bearer S3CRET');
  });

  it('by name and password', async () => {
    const asked = await first({ type: 'basic', user: 'us-{{ settings.site }}', password: 'secret' });
    expect(bearer(asked)).to.equal(`Basic ${Buffer.from('us-north:S3CRET').toString('base64')}`);
  });

  it('by a header, with what stands before the secret', async () => {
    const asked = await first({ type: 'header', name: 'X-Api-Key', secret: 'secret', prefix: 'Key ' });
    expect(asked.headers['x-api-key']).to.equal('Key S3CRET');
  });

  it('by a parameter, which no fault repeats', async () => {
    const authentication = { type: 'query', name: 'key', secret: 'secret' };
    expect((await first(authentication)).query).to.deep.equal({ key: 'S3CRET' });
    const { platform } = scripted({ ...BASIS, authentication }, () => ({ status: 500 }));
    expect((await faultOf(() => platform.check(signal))).message).to.equal('GET /status: HTTP 500');
  });

  it('not at all, where it says nothing', async () => {
    expect(bearer(await first({ type: 'bearer', token: 'secret' }, { authentication: undefined }))).to.equal(
      undefined,
    );
  });

  it('beside headers of its own, which are not its secrets', async () => {
    const asked = await first(
      { type: 'bearer', token: 'secret' },
      { headers: { 'X-Site': '{{ settings.site }}' } },
    );
    expect(asked.headers['x-site']).to.equal('north');
  });
});

describe('a description authenticates by OAuth 2 client credentials', () => {
  const OAUTH = {
    type: 'oauth2',
    tokenUrl: 'https://login.example/{{ settings.site }}/token',
    clientId: 'id:of {{ settings.site }}',
    clientSecret: 'secret',
    scope: 'agenda.read agenda.write',
  };
  const described = { ...BASIS, authentication: OAUTH };
  const isToken = ({ host }: Asked): boolean => host === 'login.example';

  /** Each token is numbered; the platform takes those that `takes` says. */
  const serve = (takes: (token: string) => boolean, token: (number: number) => Answered = granted) => {
    const clock = manualClock(NOW);
    const { platform, asked } = scripted(
      described,
      (request, before) => {
        if (isToken(request)) return token(before.filter(isToken).length + 1);
        return takes(bearer(request) ?? '') ? { body: { rows: rows('a') } } : { status: 401 };
      },
      { clock },
    );
    return { platform, asked, clock, tokens: () => asked.filter(isToken) };
  };
  const granted = (number: number): Answered => ({
    body: { access_token: `t${number}`, token_type: 'bearer', expires_in: 300 },
  });

  it('asks for a token as RFC 6749 has it, and keeps it until it ends', async () => {
    const { platform, clock, tokens } = serve(() => true);
    await platform.check(signal);
    await platform.check(signal);
    const [token] = tokens();
    expect(tokens()).to.have.length(1);
    expect([token?.method, token?.path]).to.deep.equal(['POST', '/north/token']);
    expect(token?.body).to.equal('grant_type=client_credentials&scope=agenda.read+agenda.write');
    expect(token?.headers['content-type']).to.equal('application/x-www-form-urlencoded');
    const client = Buffer.from('id%3Aof%20north:S3CRET').toString('base64');
    expect(bearer(token)).to.equal(`Basic ${client}`);
    // Half a minute before it ends it is renewed.
    await clock.advance(269 * SECOND);
    await platform.check(signal);
    expect(tokens()).to.have.length(1);
    await clock.advance(2 * SECOND);
    await platform.check(signal);
    expect(tokens()).to.have.length(2);
  });

  it('says who it is in the body, where the server wants that', async () => {
    const { platform, asked } = scripted(
      { ...BASIS, authentication: { ...OAUTH, client: 'body' } },
      (request) => (isToken(request) ? granted(1) : {}),
    );
    await platform.check(signal);
    expect(bearer(asked[0])).to.equal(undefined);
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).to.include({
      client_id: 'id:of north',
      client_secret: 'S3CRET',
    });
  });

  it('asks for one token, however many wait for it', async () => {
    const { platform, tokens } = serve(() => true);
    await Promise.all([platform.check(signal), platform.check(signal), platform.check(signal)]);
    expect(tokens()).to.have.length(1);
  });

  it('waits no longer than its caller, and others still get the token', async () => {
    let grant = (): void => undefined;
    const awaited = new Promise<void>((resolve) => {
      grant = resolve;
    });
    const { platform, asked } = scripted(described, async (request) => {
      if (!isToken(request)) return {};
      await awaited;
      return granted(1);
    });
    const stopping = new AbortController();
    const stopped = platform.check(stopping.signal).catch((error: Error) => error.message);
    const other = platform.check(signal);
    stopping.abort(new Error('stopping'));
    expect(await stopped).to.equal('stopping');
    grant();
    await other;
    expect(asked.map(({ path }) => path)).to.deep.equal(['/north/token', '/api/status']);
  });

  it('renews a token that is refused, once, and makes the request again', async () => {
    const { platform, asked, tokens } = serve((token) => token !== 'Bearer t1');
    await platform.check(signal);
    expect(asked.map((each) => `${each.path} ${bearer(each)?.replace(/Basic .*/, 'client')}`)).to.deep.equal([
      '/north/token client',
      '/api/status Bearer t1',
      '/north/token client',
      '/api/status Bearer t2',
    ]);
    await platform.check(signal);
    expect(tokens()).to.have.length(2);
  });

  it('gives up where the next one is refused too', async () => {
    const { platform, tokens } = serve(() => false);
    const fault = await faultOf(() => platform.check(signal));
    expect(`${fault.kind}: ${fault.message}`).to.equal('unauthorized: GET /status: HTTP 401');
    expect(tokens()).to.have.length(2);
  });

  for (const [what, answer, kind] of [
    ['is not known', { status: 401 }, 'unauthorized'],
    ['is not known, as RFC 6749 says it', { status: 400, body: { error: 'invalid_client' } }, 'unauthorized'],
    ['is asked to wait', { status: 429 }, 'throttled'],
    ['meets a server that is down', { status: 502 }, 'unavailable'],
    ['is answered no token', { body: { token: 't' } }, 'malformed'],
  ] as const) {
    it(`is ${kind} where it ${what}, and asks again the next time`, async () => {
      let isDown = true;
      const { platform, tokens } = serve(
        () => true,
        (number) => (isDown ? answer : granted(number)),
      );
      const fault = await faultOf(() => platform.check(signal));
      expect(fault.kind).to.equal(kind);
      expect(fault.message).not.to.contain(SETTINGS.secret);
      isDown = false;
      await platform.check(signal);
      expect(tokens()).to.have.length(2);
    });
  }
});

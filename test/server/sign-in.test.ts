import { expect } from 'chai';
import { Secret, TOTP } from 'otpauth';
import type { SignInEvent } from '../../src/access/people/sign-in.ts';
import { HOUR, instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { createPeopleStore } from '../../src/store/people.ts';
import { BrowserClient, type Page } from '../support/browser-client.ts';
import { onEachDatabase } from '../support/databases.ts';
import { NOW } from '../support/fake-ports.ts';
import { type Served, serve } from '../support/served-front.ts';

/** Made up. */
const LOGIN = 'marie@clinique.example';
const PASSWORD = 'quatre chevaux de granit';
const SLOTS = ['system/Slot.rs'];
const ALL = ['system/*.cruds', 'passerelle/status', 'passerelle/operate', 'passerelle/administer'];

describe('signing in', () => {
  onEachDatabase((open) => {
    let served: Served;
    let events: SignInEvent[];
    let at = NOW;

    beforeEach(async () => {
      await open().query('delete from person');
      await open().query('delete from sign_in_attempt');
      events = [];
      served = await serve({ people: createPeopleStore(open()), onSignIn: (event) => events.push(event) });
      at = NOW;
      served.ports.clock.now = () => at;
    });
    afterEach(() => served.close());

    const pass = (milliseconds: number): void => {
      at = plus(at, milliseconds);
    };
    const browser = (): BrowserClient => new BrowserClient(served);
    async function invite(scopes: readonly string[] = SLOTS, login = LOGIN): Promise<string> {
      const body = { login, name: 'Marie Tremblay', scopes };
      const answer = await served.request('POST', '/api/people', { body });
      expect(answer.status, answer.text).to.equal(201);
      return answer.json<never>()['invitation']['path'] as string;
    }
    const choose = async (client: BrowserClient, path: string, password = PASSWORD): Promise<Page> =>
      client.submit(await client.get(path), path, { 'new-password': password, repeat: password });
    async function member(scopes: readonly string[] = SLOTS): Promise<BrowserClient> {
      const client = browser();
      const page = await choose(client, await invite(scopes));
      expect(page.status, page.text).to.equal(200);
      return client;
    }
    async function signIn(client: BrowserClient, password = PASSWORD, login = LOGIN): Promise<Page> {
      return client.submit(await client.get('/auth/sign-in'), '/auth/sign-in', { login, password });
    }
    const codeOf = (typed: string): string =>
      new TOTP({ secret: Secret.fromBase32(typed.replace(/ /g, '')) }).generate({ timestamp: at });
    const SET_UP = '/auth/account/second-factor';
    async function setUp(client: BrowserClient): Promise<{ typed: string; page: Page }> {
      const page = await client.get(SET_UP);
      const typed = /<code>([A-Z2-7 ]+)<\/code>/.exec(page.text)?.[1] ?? '';
      return { typed, page: await client.submit(page, '/auth/account/totp', { code: codeOf(typed) }) };
    }
    const session = async (client: BrowserClient) => {
      const page = await client.get('/auth/session', { 'sec-fetch-site': 'same-origin' });
      return page.status === 200 ? (JSON.parse(page.text) as Record<string, never>) : null;
    };

    it('is entered in the demonstration by the link that the terminal shows, and by nothing like it', async () => {
      const entry = '/auth/demonstration?key=';
      expect((await browser().get(`${entry}abc`)).status, 'elsewhere there is none').to.equal(401);
      const shown = await serve({ people: createPeopleStore(open()), entryKey: 'abc' });
      try {
        const client = new BrowserClient(shown);
        const wrong = await client.get(`${entry}abd`);
        expect([wrong.status, wrong.text.includes('former start')]).to.deep.equal([403, true]);
        expect(client.cookies.has('passerelle-session')).to.equal(false);
        await client.get(`${entry}abc`);
        const told = await client.get('/auth/session', { 'sec-fetch-site': 'same-origin' });
        expect(JSON.parse(told.text))
          .to.include({ standing: 'full' })
          .and.to.have.property('scopes')
          .that.includes('system/*.cruds');
      } finally {
        await shown.close();
      }
    });

    it('begins by a link that serves once, and is over after three days', async () => {
      const path = await invite();
      const before = await browser().get(path);
      expect([before.status, before.text.includes(LOGIN)]).to.deep.equal([200, true]);
      const client = browser();
      const page = await choose(client, path);
      expect(page.text).to.contain('Your account');
      expect((await session(client))?.['standing']).to.equal('full');
      expect((await browser().get(path)).status).to.equal(410);
      const other = await invite(SLOTS, 'autre');
      pass(72 * HOUR);
      expect((await browser().get(other)).status).to.equal(410);
      expect((await browser().get('/auth/invitation/x')).status).to.equal(410);
    });

    const weak: [title: string, password: string, said: RegExp][] = [
      ['short', 'onze lettre', /too short/],
      ['among the first that are tried', 'qwerty123456', /tried first/],
      ['one of these with something after it', 'motdepasse2026!', /tried first/],
      ['a pattern', '123456789012345', /pattern/],
      ['her own name', 'Marie Tremblay 12', /too close/],
    ];
    for (const [title, password, said] of weak) {
      it(`takes no password that is ${title}`, async () => {
        const page = await choose(browser(), await invite(), password);
        expect([page.status, said.test(page.text)]).to.deep.equal([422, true]);
      });
    }

    it('takes two passwords that differ for a slip', async () => {
      const path = await invite();
      const client = browser();
      const fields = { 'new-password': PASSWORD, repeat: `${PASSWORD}s` };
      const page = await client.submit(await client.get(path), path, fields);
      expect([page.status, page.text.includes('not the same')]).to.deep.equal([422, true]);
    });

    it('gives another session each time, by a cookie that no script reads', async () => {
      const client = await member();
      const first = client.cookies.get('passerelle-session');
      const page = await client.get('/auth/sign-in?again=');
      const again = await client.submit(page, '/auth/sign-in', {
        login: ` ${LOGIN.toUpperCase()} `,
        password: PASSWORD,
      });
      expect(again.text).to.contain('Your account');
      expect(client.cookies.get('passerelle-session')).not.to.equal(first);
      const former = browser();
      former.cookies.set('passerelle-session', first ?? '');
      expect(await session(former)).to.equal(null);
      const raw = await fetch(`${served.url}/auth/sign-in`);
      expect(raw.headers.get('set-cookie')).to.match(/; Path=\/; HttpOnly; SameSite=Lax$/);
      expect(raw.headers.get('content-security-policy'))
        .to.contain("default-src 'none'")
        .and.not.contain('unsafe');
    });

    it('says the same to who is not known and to who mistypes, and tells the log no login', async () => {
      await member();
      const wrong = await signIn(browser(), 'un autre mot de passe');
      const unknown = await signIn(browser(), 'un autre mot de passe', 'personne@clinique.example');
      const bare = ({ text }: Page): string => text.replace(/value="[^"]*"/g, '');
      expect([wrong.status, unknown.status]).to.deep.equal([422, 422]);
      expect(bare(wrong)).to.equal(bare(unknown));
      const refused = events.filter(({ kind }) => kind === 'refused');
      expect(refused.map(({ personId }) => personId === null)).to.deep.equal([false, true]);
      expect(JSON.stringify(events)).not.to.contain('clinique.example');
    });

    it('makes strangers wait who guess, longer each time, but not whose browser is known', async () => {
      const known = await member();
      for (let attempt = 0; attempt < 5; attempt += 1)
        expect((await signIn(browser(), 'x')).status).to.equal(422);
      const waits = await signIn(browser());
      expect([waits.status, waits.headers.get('retry-after')]).to.deep.equal([429, '60']);
      pass(MINUTE);
      expect((await signIn(browser(), 'x')).status).to.equal(422);
      expect((await signIn(browser())).headers.get('retry-after')).to.equal('120');
      known.cookies.delete('passerelle-session');
      expect((await signIn(known)).text).to.contain('Your account');
      // Nobody is locked out for good, however long was guessed.
      for (let round = 0; round < 10; round += 1) {
        pass(15 * MINUTE);
        await signIn(browser(), 'x');
      }
      pass(15 * MINUTE);
      expect((await signIn(browser())).text).to.contain('Your account');
    });

    it('counts guesses that come at once', async () => {
      await member();
      const answers = await Promise.all(Array.from({ length: 12 }, () => signIn(browser(), 'x')));
      expect(answers.filter(({ status }) => status === 422)).to.have.length(5);
      expect(answers.filter(({ status }) => status === 429)).to.have.length(7);
    });

    it('makes who sees patients set up a second factor, and asks for it then', async () => {
      const client = browser();
      const page = await choose(client, await invite(ALL));
      expect(page.text).to.contain('Protect the account in two steps');
      expect((await session(client))?.['standing']).to.equal('enrol');
      const cookie = client.cookies.get('passerelle-session');
      const asked = await client.get('/fhir/Slot', { 'sec-fetch-site': 'same-origin' });
      expect(asked.status).to.equal(401);
      const { typed, page: done } = await setUp(client);
      expect(done.text.match(/<li>[a-z2-7-]{19}<\/li>/g)).to.have.length(10);
      expect(client.cookies.get('passerelle-session')).not.to.equal(cookie);
      expect((await session(client))?.['standing']).to.equal('full');

      const second = browser();
      const before = await signIn(second);
      expect(before.text).to.contain('Verification');
      expect((await second.get('/auth/account')).text).to.contain('Verification');
      // The code that it was set up by serves no more, nor does one of another time.
      const give = async (code: string) =>
        second.submit(await second.get('/auth/second-factor'), '/auth/second-factor', { code });
      expect((await give(codeOf(typed))).status).to.equal(422);
      pass(5 * MINUTE);
      expect((await give('000000')).status).to.equal(422);
      expect((await give(codeOf(typed))).text).to.contain('Your account');
      expect((await session(second))?.['standing']).to.equal('full');

      const third = browser();
      await signIn(third);
      const [, recovery = ''] = /<li>([a-z2-7-]{19})<\/li>/.exec(done.text) ?? [];
      const page3 = await third.get('/auth/second-factor');
      const used = await third.submit(page3, '/auth/second-factor', { code: recovery.toUpperCase() });
      expect(used.text).to.contain('Your account').and.contain('9 left');
      const fourth = browser();
      await signIn(fourth);
      const page4 = await fourth.get('/auth/second-factor');
      expect((await fourth.submit(page4, '/auth/second-factor', { code: recovery })).status).to.equal(422);
    });

    it('makes who guesses at codes wait', async () => {
      const client = await member();
      await setUp(client);
      const other = browser();
      await signIn(other);
      const give = async () =>
        (
          await other.submit(await other.get('/auth/second-factor'), '/auth/second-factor', {
            code: '123456',
          })
        ).status;
      for (let attempt = 0; attempt < 5; attempt += 1) expect(await give()).to.equal(422);
      expect(await give()).to.equal(429);
    });

    it('ends by itself, by time and by use', async () => {
      const client = await member();
      pass(29 * MINUTE);
      expect(await session(client)).not.to.equal(null);
      pass(31 * MINUTE);
      expect(await session(client)).to.equal(null);
      const busy = browser();
      await signIn(busy);
      for (let minutes = 0; minutes < 12 * 60; minutes += 20) {
        expect(await session(busy), `${minutes}`).not.to.equal(null);
        pass(20 * MINUTE);
      }
      expect(await session(busy)).to.equal(null);
    });

    it('ends by signing out, and elsewhere by a change of the password', async () => {
      const client = await member();
      const other = browser();
      await signIn(other);
      const page = await client.get('/auth/account/password');
      const next = 'six tortues dans le fleuve';
      const fields = { password: 'pas le bon du tout', 'new-password': next, repeat: next };
      expect((await client.submit(page, '/auth/account/password', fields)).status).to.equal(422);
      const done = await client.submit(page, '/auth/account/password', { ...fields, password: PASSWORD });
      expect(done.text).to.contain('The password is changed');
      expect([await session(other), (await session(client)) === null]).to.deep.equal([null, false]);
      expect((await signIn(other)).status).to.equal(422);
      expect((await signIn(other, next)).text).to.contain('Your account');
      const asked = await client.get('/auth/sign-out');
      expect((await client.submit(asked, '/auth/sign-out')).text).to.contain('You are signed out');
      expect(await session(client)).to.equal(null);
      expect(await session(other)).not.to.equal(null);
    });

    it('is ended by the person elsewhere, and by an administrator everywhere', async () => {
      const client = await member();
      const other = browser();
      await signIn(other);
      await client.submit(await client.get('/auth/account'), '/auth/account/sessions/end');
      expect([await session(other), (await session(client)) === null]).to.deep.equal([null, false]);
      for (const change of ['sign-out', 'disable', 'reset-password', 'reset-second-factor']) {
        const fresh = browser();
        await signIn(fresh);
        expect(await session(fresh), change).not.to.equal(null);
        expect((await served.request('POST', `/api/people/${LOGIN}/${change}`)).status).to.equal(200);
        expect(await session(fresh), change).to.equal(null);
        if (change === 'disable') {
          expect((await signIn(browser())).status).to.equal(422);
          await served.request('POST', `/api/people/${LOGIN}/enable`);
        }
        if (change === 'reset-password') {
          expect((await signIn(browser())).status).to.equal(422);
          const again = await served.request('POST', `/api/people/${LOGIN}/reset-password`);
          await choose(browser(), again.json<never>()['invitation']['path']);
        }
      }
    });

    it('wants who is behind the browser again before a second factor is changed', async () => {
      const client = await member();
      await setUp(client);
      pass(16 * MINUTE);
      await session(client);
      const page = await client.get('/auth/account');
      const refused = await client.submit(page, '/auth/account/totp/remove');
      expect(refused.text).to.contain('first confirm who you are');
      const [left] = await open().query<{ totp: Uint8Array | null }>('select totp from person');
      expect(left?.totp).not.to.equal(null);
    });

    describe('and a page of somebody else', () => {
      const JSON_BODY = { 'content-type': 'application/json' };

      it('cannot use a session, whatever it sends', async () => {
        const client = await member([...SLOTS, 'system/Subscription.cruds']);
        const token = String((await session(client))?.['csrfToken']);
        const ask = async (headers: Record<string, string>, path = '/fhir/Slot/_search') => {
          const form = { 'content-type': 'application/x-www-form-urlencoded' };
          return (await client.post(path, '_count=1', { ...form, ...headers })).status;
        };
        expect(await ask({ 'x-csrf-token': token })).to.equal(200);
        expect(await ask({ 'x-csrf-token': token, 'sec-fetch-site': 'cross-site' })).to.equal(403);
        expect(await ask({ 'x-csrf-token': token, 'sec-fetch-site': 'same-site' })).to.equal(403);
        expect(await ask({})).to.equal(403);
        expect(await ask({ 'x-csrf-token': `${token}x` })).to.equal(403);
        // Browsers of before: Origin says it, and who says neither is refused.
        expect(await ask({ 'x-csrf-token': token, 'sec-fetch-site': '' })).to.equal(200);
        const evil = { 'x-csrf-token': token, 'sec-fetch-site': '', origin: 'https://evil.example' };
        expect(await ask(evil)).to.equal(403);
        expect(await ask({ ...evil, origin: '' })).to.equal(403);
        expect(await ask({ ...evil, origin: 'null' })).to.equal(403);
        expect(await ask({ 'content-type': 'text/plain' })).to.equal(403);
        expect(await ask({ 'sec-fetch-site': 'cross-site', ...JSON_BODY }, '/api/tokens')).to.equal(403);
        const read = (site: string) => client.get('/fhir/Slot', { 'sec-fetch-site': site });
        expect((await read('same-origin')).status).to.equal(200);
        expect((await read('none')).status).to.equal(200);
        expect((await read('cross-site')).status).to.equal(403);
        const open = await read('same-origin');
        expect(open.headers.get('access-control-allow-credentials')).to.equal(null);
        expect(open.headers.get('access-control-allow-origin')).to.equal('*');
      });

      it('cannot sign somebody in or out, nor change an account', async () => {
        const client = await member();
        const page = await client.get('/auth/account/password');
        const next = 'six tortues dans le fleuve';
        const fields = { password: PASSWORD, 'new-password': next, repeat: next };
        const path = '/auth/account/password';
        const cross = await client.submit(page, path, fields, { 'sec-fetch-site': 'cross-site' });
        expect(cross.status).to.equal(403);
        expect((await client.post(path, new URLSearchParams(fields).toString())).status).to.equal(403);
        const plain = await client.submit(page, path, fields, { 'content-type': 'text/plain' });
        expect(plain.status).to.equal(403);
        expect((await client.post('/auth/sign-out', '')).status).to.equal(403);
        const victim = browser();
        const forged = `login=${encodeURIComponent(LOGIN)}&password=${encodeURIComponent(PASSWORD)}`;
        expect((await victim.post('/auth/sign-in', forged)).status).to.equal(403);
        // With a token of the one who forges it: it is bound to a cookie that the victim does not have.
        const own = browser();
        const theirs = await own.get('/auth/sign-in');
        const login = { login: LOGIN, password: PASSWORD };
        expect((await victim.submit(theirs, '/auth/sign-in', login)).status).to.equal(403);
        expect((await signIn(browser())).text).to.contain('Your account');
      });

      it('changes nothing by addresses alone', async () => {
        const client = await member(ALL);
        await setUp(client);
        const before = await open().query('select id, totp, password_hash, disabled from person');
        const sessions = await open().query('select id, hash from session order by id');
        for (const path of [
          'sign-in',
          'sign-out',
          'second-factor',
          'account',
          'account/password',
          'account/second-factor',
        ]) {
          await client.get(`/auth/${path}`);
        }
        for (const path of ['totp/remove', 'passkeys/remove', 'recovery-codes', 'sessions/end', 'totp']) {
          expect((await client.get(`/auth/account/${path}`)).status, path).to.be.oneOf([401, 404]);
        }
        expect(await open().query('select id, totp, password_hash, disabled from person')).to.deep.equal(
          before,
        );
        expect(await open().query('select id, hash from session order by id')).to.deep.equal(sessions);
      });

      it('leads nobody elsewhere', async () => {
        await member();
        for (const next of [
          '//evil.example',
          'https://evil.example',
          '/\\evil.example',
          'javascript:alert(1)',
        ]) {
          const client = browser();
          const page = await client.get(`/auth/sign-in?next=${encodeURIComponent(next)}`);
          expect(page.text).not.to.contain('evil').and.not.contain('alert');
          const done = await client.submit(page, '/auth/sign-in', { login: LOGIN, password: PASSWORD, next });
          expect(done.text, next).to.contain('Your account');
        }
      });
    });

    it('holds scopes and organization as those of a token', async () => {
      const client = await member([...SLOTS, 'system/Schedule.rs']);
      const read = async (path: string) =>
        (await client.get(path, { 'sec-fetch-site': 'same-origin' })).status;
      expect(await read('/fhir/Slot')).to.equal(200);
      expect(await read('/fhir/Appointment')).to.equal(403);
      expect(await read('/api/status')).to.equal(403);
      expect(await read('/api/people')).to.equal(403);
      // Where there is Authorization, the cookie counts for nothing.
      const both = await client.get('/fhir/Slot', {
        'sec-fetch-site': 'same-origin',
        authorization: 'Bearer x'.padEnd(50, 'x'),
      });
      expect(both.status).to.equal(401);
    });

    it('lets nobody manage who may do more', async () => {
      await member(ALL);
      const made = await served.request('POST', '/api/tokens', {
        body: { name: 'keeper', scopes: ['passerelle/administer'], expiresInDays: 1 },
      });
      const headers = { authorization: `Bearer ${made.json<never>()['token']}` };
      const ask = (path: string, body?: object) =>
        served.request('POST', path, { headers, ...(body ? { body } : {}) });
      expect((await ask(`/api/people/${LOGIN}/reset-password`)).status).to.equal(403);
      expect((await ask(`/api/people/${LOGIN}/disable`)).status).to.equal(403);
      expect((await ask('/api/people', { login: 'jean', name: 'Jean', scopes: SLOTS })).status).to.equal(422);
      expect(
        (await ask('/api/people', { login: 'jean', name: 'Jean', scopes: ['passerelle/administer'] })).status,
      ).to.equal(201);
      const again = await served.request('POST', '/api/people', {
        body: { login: 'JEAN', name: 'Jean', scopes: SLOTS },
      });
      expect(again.status).to.equal(422);
    });

    it('keeps nothing that lets anybody in', async () => {
      const path = await invite();
      const client = browser();
      await choose(client, path);
      await setUp(client);
      const rows = await open().query<{ text: string }>(
        `select string_agg(t, ' ') as text from (
           select row_to_json(p)::text as t from person p union all select row_to_json(s)::text from session s
           union all select row_to_json(a)::text from sign_in_attempt a) as all_of_it`,
      );
      const text = rows[0]?.text ?? '';
      expect(text).to.contain('$argon2id$v=19$m=19456,t=2,p=1$').and.not.contain(PASSWORD);
      expect(text).not.to.contain(client.cookies.get('passerelle-session'));
      expect(text).not.to.contain(path.split('/').at(-1));
    });

    it('is not to be had by an address that is neither secure nor this machine', async () => {
      const elsewhere = await serve({
        people: createPeopleStore(open()),
        publicUrl: 'http://passerelle.example',
      });
      expect((await fetch(`${elsewhere.url}/auth/sign-in`)).status).to.equal(403);
      await elsewhere.close();
      const secure = await serve({
        people: createPeopleStore(open()),
        publicUrl: 'https://passerelle.example',
      });
      const raw = await fetch(`${secure.url}/auth/sign-in`);
      expect(raw.headers.get('set-cookie')).to.match(/^__Host-passerelle-visitor=.*; Secure$/);
      await secure.close();
      const answer = await fetch(`${served.url}/auth/sign-in`);
      expect([answer.status, instant(at)]).to.deep.equal([200, NOW]);
    });
  });
});

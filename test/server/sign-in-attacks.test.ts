import { hash } from '@node-rs/argon2';
import { expect } from 'chai';
import { Secret, TOTP } from 'otpauth';
import { createPasswords, type Passwords } from '../../src/access/people/passwords.ts';
import { createMac, hashOf, sealFor } from '../../src/access/people/secrets.ts';
import { createSignIn, type SignIn, type SignInEvent } from '../../src/access/people/sign-in.ts';
import { ACCESS_DEFAULTS } from '../../src/config/access.ts';
import { readScopes } from '../../src/domain/access.ts';
import { DAY, MINUTE, plus } from '../../src/domain/instant.ts';
import type { PeopleStore } from '../../src/engine/ports/people.ts';
import { createPeopleStore } from '../../src/store/people.ts';
import { BrowserClient, type Page } from '../support/browser-client.ts';
import { onEachDatabase } from '../support/databases.ts';
import { NOW, uuid } from '../support/fake-ports.ts';
import { fakeSeal } from '../support/fake-ring.ts';
import { startIdentityProvider } from '../support/identity-provider.ts';
import { type Served, serve } from '../support/served-front.ts';
import { freePort } from '../support/servers.ts';

/** What somebody would try who has a part of what signing in takes: each was possible once, or might become so. */

/** Made up. */
const LOGIN = 'marie@clinique.example';
const PASSWORD = 'quatre chevaux de granit';
const NEXT = 'six tortues dans le fleuve';
const SLOTS = ['system/Slot.rs'];
const ADMINISTER = ['passerelle/administer'];
const FROM = { address: '192.0.2.1', network: '192.0.2.1', agent: '' };
const READ = { 'sec-fetch-site': 'same-origin' };

describe('getting past signing in', () => {
  onEachDatabase((open) => {
    let served: Served;
    let events: SignInEvent[];
    let at = NOW;
    const store = (): PeopleStore => createPeopleStore(open());

    beforeEach(async () => {
      await open().query('delete from person');
      await open().query('delete from sign_in_attempt');
      events = [];
      served = await serve({ people: store(), onSignIn: (event) => events.push(event) });
      at = NOW;
      served.ports.clock.now = () => at;
    });
    afterEach(() => served.close());

    async function invite(scopes: readonly string[], login = LOGIN): Promise<{ id: string; path: string }> {
      const body = { login, name: 'Marie Tremblay', scopes };
      const answer = await served.request('POST', '/api/people', { body });
      expect(answer.status, answer.text).to.equal(201);
      const { id, invitation } = answer.json<never>() as { id: string; invitation: { path: string } };
      return { id, path: invitation.path };
    }
    async function member(scopes: readonly string[] = SLOTS): Promise<BrowserClient> {
      const client = new BrowserClient(served);
      const { path } = await invite(scopes);
      const fields = { 'new-password': PASSWORD, repeat: PASSWORD };
      const page = await client.submit(await client.get(path), path, fields);
      expect(page.status, page.text).to.equal(200);
      return client;
    }
    async function signIn(client: BrowserClient, login = LOGIN, password = PASSWORD): Promise<Page> {
      return client.submit(await client.get('/auth/sign-in'), '/auth/sign-in', { login, password });
    }
    const codeOf = (typed: string): string =>
      new TOTP({ secret: Secret.fromBase32(typed.replace(/ /g, '')) }).generate({ timestamp: at });
    async function setUp(client: BrowserClient): Promise<void> {
      const page = await client.get('/auth/account/second-factor');
      const typed = /<code>([A-Z2-7 ]+)<\/code>/.exec(page.text)?.[1] ?? '';
      const done = await client.submit(page, '/auth/account/totp', { code: codeOf(typed) });
      expect(done.text).to.match(/<li>[a-z2-7-]{19}<\/li>/);
    }
    async function changePassword(client: BrowserClient, password: string): Promise<Page> {
      const path = '/auth/account/password';
      const fields = { password, 'new-password': NEXT, repeat: NEXT };
      return client.submit(await client.get(path), path, fields);
    }
    const standing = async (client: BrowserClient): Promise<string> =>
      (JSON.parse((await client.get('/auth/session', READ)).text) as { standing: string }).standing;
    const person = async () => {
      const [found] = await store().people();
      if (!found) throw new Error('nobody');
      return found;
    };

    it('by an address that becomes another host’s when it is made shorter', async () => {
      await member();
      for (const next of [
        '/.//evil.example',
        '/x/..//evil.example',
        '/./\\evil.example',
        '/%2e//evil.example',
      ]) {
        const client = new BrowserClient(served);
        const page = await client.get(`/auth/sign-in?next=${encodeURIComponent(next)}`);
        expect(page.text).not.to.contain('evil.example');
        const done = await client.submit(page, '/auth/sign-in', { login: LOGIN, password: PASSWORD, next });
        expect(done.text, next).to.contain('Your account');
      }
    });

    it('by a user name that no database takes', async () => {
      expect((await signIn(new BrowserClient(served), 'marie\0')).status).to.equal(422);
      const body = { login: 'jean', name: 'Jean\0', scopes: SLOTS };
      expect((await served.request('POST', '/api/people', { body })).status).to.equal(422);
    });

    it('by the password alone, which does not stand for the second factor where that is taken away', async () => {
      const client = await member();
      await setUp(client);
      at = plus(at, 16 * MINUTE);
      expect((await changePassword(client, PASSWORD)).text).to.contain('The password is changed');
      const refused = await client.submit(await client.get('/auth/account'), '/auth/account/totp/remove');
      expect(refused.text).to.contain('first confirm who you are');
      expect((await person()).totp).not.to.equal(null);
    });

    it('by taking away the second factor that is demanded', async () => {
      const client = await member(ADMINISTER);
      await setUp(client);
      expect(await standing(client)).to.equal('full');
      const left = await client.submit(await client.get('/auth/account'), '/auth/account/totp/remove');
      expect(left.text).to.contain('Protect the account in two steps');
      expect(await standing(client)).to.equal('enrol');
      expect((await client.get('/api/people', READ)).status).to.equal(401);
      at = plus(at, 29 * MINUTE);
      expect(await standing(client)).to.equal('enrol');
    });

    it('without a second factor to where records may name patients', async () => {
      const client = await member(['passerelle/operate']);
      expect(await standing(client)).to.equal('enrol');
      expect((await client.get('/api/connections/vendor/rejected?raw=true', READ)).status).to.equal(401);
    });

    it('unseen, by guessing at a password where it is changed, or by another set of codes', async () => {
      const client = await member();
      events.length = 0;
      for (let attempt = 0; attempt < 5; attempt += 1)
        expect((await changePassword(client, 'x')).status).to.equal(422);
      expect((await changePassword(client, PASSWORD)).status).to.equal(429);
      const { id: personId } = await person();
      const event = (kind: string) => ({ kind, by: 'password', personId, address: '127.0.0.1' });
      expect(events).to.deep.equal([
        ...Array.from({ length: 5 }, () => event('refused')),
        event('made-to-wait'),
      ]);
      await setUp(client);
      events.length = 0;
      await client.submit(await client.get('/auth/account'), '/auth/account/recovery-codes');
      expect(events.map(({ kind, by }) => [kind, by])).to.deep.equal([
        ['second-factor-added', 'recovery-code'],
      ]);
    });

    it('as somebody else, who is named as the id of another', async () => {
      const { id } = await invite(SLOTS, 'premiere');
      await invite(SLOTS, id);
      expect((await served.request('POST', `/api/people/${id}/disable`)).json<never>()['login']).to.equal(
        'premiere',
      );
      const make = async (name: string) =>
        (
          await served.request('POST', '/api/tokens', { body: { name, scopes: SLOTS, expiresInDays: 1 } })
        ).json<never>() as { id: string };
      const leaked = await make('leaked');
      const decoy = await make(leaked.id);
      const revoked = await served.request('POST', `/api/tokens/${leaked.id}/revoke`);
      expect(revoked.json<never>()['name']).to.equal('leaked');
      const listed = (await served.request('GET', '/api/tokens')).json<never>()['tokens'] as {
        id: string;
        status: string;
      }[];
      expect(listed.find(({ id: each }) => each === decoy.id)?.status).to.equal('active');
    });

    it('unseen, by adding people or giving them another way in', async () => {
      served.world.audited.length = 0;
      const { id } = await invite(SLOTS);
      const changes = ['disable', 'enable', 'sign-out', 'reset-second-factor', 'reset-password'];
      for (const change of changes)
        expect((await served.request('POST', `/api/people/${id}/${change}`)).status).to.equal(200);
      const told = served.world.audited.map(({ type, agent, entities, detail }) => [
        type,
        agent,
        ...entities,
        ...Object.values(detail),
      ]);
      expect(told).to.deep.equal([
        ['user.created', 'administrator', `User/${id}`, 'system/Slot.rs'],
        ...changes.map((change) => ['user.changed', 'administrator', `User/${id}`, change]),
      ]);
      served.world.auditFailure = new Error('the disk is full');
      expect((await served.request('POST', `/api/people/${id}/reset-password`)).status).to.equal(503);
    });

    it('unseen, by a provider that knows them and gives them no rights', async function () {
      this.timeout(30_000);
      const port = await freePort();
      const provider = await startIdentityProvider(`http://localhost:${port}`);
      const { issuer, clientId, clientSecret } = provider;
      const grants = [
        { value: 'accueil', scopes: readScopes('system/Slot.rs').scopes, organizationId: null },
      ];
      const name = { fr: 'le réseau', en: 'the network' };
      const settings = {
        issuer,
        clientId,
        clientSecret,
        name,
        scopes: ['openid', 'profile'],
        claim: 'groups',
        grants,
      };
      const here = await serve({
        port,
        publicUrl: `http://localhost:${port}`,
        people: store(),
        signIn: { provider: settings },
        onSignIn: (event) => events.push(event),
      });
      provider.become({ sub: 'u-9', name: 'Paul', groups: ['autre'] });
      const through = async (answer: 'yes' | 'no'): Promise<Page> => {
        const [client, there] = [new BrowserClient({ url: here.url }), new BrowserClient({ url: issuer })];
        const pathOf = ({ headers }: Page): string =>
          (headers.get('location') ?? '').replace(/^https?:\/\/[^/]+/, '');
        const asked = await there.get(pathOf(await client.get('/auth/oidc/start')));
        let page = await there.get(`${asked.path}?go=${answer}`);
        while (!pathOf(page).startsWith('/auth/oidc/callback')) page = await there.get(pathOf(page));
        return client.get(pathOf(page));
      };
      expect([(await through('yes')).status, (await through('no')).status]).to.deep.equal([403, 403]);
      const event = { kind: 'refused', by: 'provider', personId: null, address: '127.0.0.1' };
      expect(events).to.deep.equal([event, event]);
      expect(await store().people(), 'who never had any is not kept').to.deep.equal([]);

      // In the group they are let in; out of it again, what they had from before is over wherever they are signed in.
      provider.become({ sub: 'u-9', name: 'Paul', groups: ['accueil'] });
      await through('yes');
      const member = await person();
      const sessions = () => store().sessionsOf(member.id, at, plus(at, -DAY));
      expect(await sessions()).to.have.length(1);
      provider.become({ sub: 'u-9', name: 'Paul', groups: ['autre'] });
      expect((await through('yes')).status).to.equal(403);
      await here.close();
      await provider.close();
      expect([await sessions(), (await person()).scopes]).to.deep.equal([[], '']);
      expect(events.at(-1)).to.deep.equal({ ...event, personId: member.id });
    });

    describe('while an administrator shuts them out', () => {
      const id = uuid(1);
      const invitation = { hash: hashOf('x'), expiresAt: plus(NOW, DAY) };

      /** @param meanwhile is done while a password is being checked, which takes its time. */
      async function ofPerson(meanwhile: () => Promise<unknown>): Promise<SignIn> {
        const of = { login: LOGIN, name: 'Marie', scopes: 'system/Slot.rs', organizationId: null };
        await store().addPerson({ ...of, id, createdAt: NOW, createdBy: 'administrator' }, invitation);
        const real = createPasswords();
        await store().acceptInvitation(hashOf('x'), await real.hash(PASSWORD), NOW);
        const passwords: Passwords = {
          ...real,
          async verify(encoded, password) {
            const isRight = await real.verify(encoded, password);
            await meanwhile();
            return isRight;
          },
        };
        let number = 100;
        return createSignIn({
          store: store(),
          passwords,
          settings: ACCESS_DEFAULTS.signIn,
          mac: createMac(Buffer.alloc(32, 7)),
          seal: sealFor(fakeSeal()),
          ids: {
            next: () => {
              number += 1;
              return uuid(number);
            },
          },
          now: () => NOW,
          onSignIn: (event) => events.push(event),
        });
      }
      const credentials = { login: LOGIN, password: PASSWORD, device: '', from: FROM };
      const sessions = () => open().query('select id from session');

      it('by the former password, when it is reset', async () => {
        const signing = await ofPerson(() => store().invitePerson(id, invitation));
        expect(await signing.withPassword(credentials)).to.deep.equal({ outcome: 'wrong' });
        expect(await sessions()).to.deep.equal([]);
        expect(events.map(({ kind }) => kind)).to.deep.equal(['refused']);
      });

      it('by a session that is there again when the account is enabled', async () => {
        const signing = await ofPerson(() => store().disablePerson(id));
        expect(await signing.withPassword(credentials)).to.deep.equal({ outcome: 'wrong' });
        expect(await sessions()).to.deep.equal([]);
      });

      it('by changing the password that was just reset', async () => {
        let meanwhile: () => Promise<unknown> = async () => undefined;
        const signing = await ofPerson(() => meanwhile());
        const entered = await signing.withPassword(credentials);
        const visitor = await signing.sessions.find('secret' in entered ? entered.secret : '');
        if (!visitor) throw new Error('nobody is signed in');
        meanwhile = () => store().invitePerson(id, invitation);
        expect(await signing.changePassword(visitor, { now: PASSWORD, next: NEXT }, FROM)).to.equal('wrong');
        expect((await person()).passwordHash).to.equal(null);
        expect(await sessions()).to.deep.equal([]);
      });
    });

    it('by a password that is still kept in a weaker form', async () => {
      const other = await member();
      const weaker = await hash(PASSWORD, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
      await open().query('update person set password_hash = $1', [weaker]);
      expect((await signIn(new BrowserClient(served), LOGIN, 'x')).status).to.equal(422);
      expect((await person()).passwordHash).to.equal(weaker);
      expect((await signIn(new BrowserClient(served))).text).to.contain('Your account');
      const { passwordHash } = await person();
      expect(passwordHash).to.match(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
      expect(await standing(other), 'nobody is signed out by it').to.equal('full');
      expect((await signIn(new BrowserClient(served))).text).to.contain('Your account');
      expect((await person()).passwordHash, 'once').to.equal(passwordHash);
    });

    it('lets nobody stumble over another’s attempts that are forgotten at the same time', async () => {
      const limit = { free: 5, waitMilliseconds: MINUTE, waitMillisecondsMax: 15 * MINUTE };
      const keys = Array.from({ length: 8 }, (_, index) => Buffer.alloc(32, index));
      for (let round = 0; round < 40; round += 1) {
        const then = plus(NOW, round * 2 * DAY);
        await Promise.all(keys.map((key) => store().countAttempt(key, limit, then)));
      }
    }).timeout(60_000);
  });
});

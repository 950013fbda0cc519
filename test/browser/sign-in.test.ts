import { expect } from 'chai';
import { Secret, TOTP } from 'otpauth';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { readScopes } from '../../src/domain/access.ts';
import { instant } from '../../src/domain/instant.ts';
import { createPeopleStore } from '../../src/store/people.ts';
import { browserName, expectAccessible, openBrowser, shoot } from '../support/browser.ts';
import { freshPglite, type OpenDatabase } from '../support/databases.ts';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.ts';
import { type Served, serve } from '../support/served-front.ts';
import { freePort, requireServer } from '../support/servers.ts';

/** Made up. */
const LOGIN = 'marie@clinique.example';
const PASSWORD = 'quatre chevaux de granit';
const ALL = ['system/*.cruds', 'passerelle/status', 'passerelle/operate', 'passerelle/administer'];

describe('signing in by a browser', function () {
  this.timeout(60_000);
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let database: OpenDatabase;
  let served: Served;
  let provider: IdentityProvider;
  let origin: string;
  /** How far the gateway's clock is ahead, so that a code need not be waited for. */
  let ahead = 0;
  const now = (): number => Date.now() + ahead;

  before(
    requireServer('Chromium', browserName !== null, async () => {
      const port = await freePort();
      origin = `http://localhost:${port}`;
      [browser, database, provider] = await Promise.all([
        openBrowser(),
        freshPglite(),
        startIdentityProvider(origin),
      ]);
      const { issuer, clientId, clientSecret } = provider;
      served = await serve({
        port,
        publicUrl: origin,
        people: createPeopleStore(database.database),
        signIn: {
          provider: {
            issuer,
            clientId,
            clientSecret,
            name: { fr: 'le compte du réseau', en: 'the network account' },
            scopes: ['openid', 'profile'],
            claim: 'groups',
            grants: [{ value: 'accueil', scopes: readScopes('system/Slot.rs').scopes, organizationId: null }],
          },
        },
      });
      served.ports.clock.now = () => instant(now());
    }),
  );
  after(async () => {
    await browser?.close();
    await served?.close();
    await provider?.close();
    await database?.drop();
  });
  beforeEach(async () => {
    context = await browser.newContext({ locale: 'fr-CA' });
    page = await context.newPage();
  });
  afterEach(async () => {
    await context?.close();
  });

  async function invite(scopes: readonly string[] = ALL, login = LOGIN): Promise<string> {
    const body = { login, name: 'Marie Tremblay', scopes };
    const answer = await served.request('POST', '/api/people', { body });
    return answer.json<never>()['invitation']['url'] as string;
  }
  const heading = () => page.locator('h1').textContent();
  const press = (name: string | RegExp) => page.getByRole('button', { name }).click();
  const codeOf = (typed: string | null): string =>
    new TOTP({ secret: Secret.fromBase32((typed ?? '').replace(/ /g, '')) }).generate({ timestamp: now() });
  async function choose(link: string): Promise<void> {
    await page.goto(link);
    await page.getByLabel('Nouveau mot de passe').fill(PASSWORD);
    await page.getByLabel('Le même, une seconde fois').fill(PASSWORD);
    await press('Enregistrer le mot de passe');
  }
  async function signIn(password = PASSWORD, login = LOGIN): Promise<void> {
    await page.goto(`${origin}/auth/sign-in`);
    await page.getByLabel('Nom d’utilisateur').fill(login);
    await page.getByLabel('Mot de passe').fill(password);
    await press('Ouvrir une session');
  }
  /** In both languages and on a telephone; the page is the French one afterwards. */
  async function look(name: string): Promise<void> {
    await expectAccessible(page);
    await shoot(page, `${name}-fr`);
    await page.setViewportSize({ width: 360, height: 740 });
    await shoot(page, `${name}-mobile`);
    const wide = await page.evaluate('document.documentElement.scrollWidth');
    expect(wide, `${name} on a telephone`).to.be.at.most(360);
    await page.setViewportSize({ width: 1280, height: 800 });
  }
  async function lookInEnglish(name: string, path: string): Promise<void> {
    const address = page.url();
    await page.goto(`${origin}${path}?lang=en`);
    expect(await page.locator('html').getAttribute('lang')).to.equal('en-CA');
    await expectAccessible(page);
    await shoot(page, `${name}-en`);
    await page.goto(address);
  }

  it('goes from an invitation to codes and back in, with wrong ones on the way', async () => {
    const problems: string[] = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`${origin}/auth/sign-in`);
    await look('sign-in');
    await lookInEnglish('sign-in', '/auth/sign-in');
    const link = await invite();
    await page.goto(link);
    await look('invitation');
    await lookInEnglish('invitation', new URL(link).pathname);
    await choose(link);
    expect(await heading()).to.equal('Protéger le compte en deux étapes');
    await look('set-up');
    await lookInEnglish('set-up', '/auth/account/second-factor');
    const typed = await page.locator('code').textContent();
    await page.getByLabel('Code que montre').fill('000000');
    await press('Enregistrer');
    expect(await page.getByRole('alert').first().textContent()).to.contain('pas le bon');
    await expectAccessible(page);
    const used = codeOf(typed);
    await page.getByLabel('Code que montre').fill(used);
    await press('Enregistrer');
    expect(await heading()).to.equal('Codes de secours');
    await look('codes');
    await page.getByRole('link', { name: 'Je les ai notés' }).click();
    expect(await heading()).to.equal('Votre compte');
    await look('account');
    await lookInEnglish('account', '/auth/account');
    await page.goto(`${origin}/auth/account/password`);
    await look('password');
    await lookInEnglish('password', '/auth/account/password');
    await page.getByRole('link', { name: 'Fermer la session' }).click();
    await look('sign-out');
    await press('Fermer la session');
    expect(await page.getByRole('status').textContent()).to.contain('fermée');

    await signIn('pas le bon du tout');
    expect(await page.getByRole('alert').textContent()).to.contain('ne vont pas ensemble');
    await look('wrong');
    await signIn();
    expect(await heading()).to.equal('Vérification');
    await look('second-factor');
    await lookInEnglish('second-factor', '/auth/second-factor');
    // That of the setting up, however long ago that was.
    await page.getByLabel('Code à six chiffres').fill(used);
    await press('Vérifier');
    expect(await page.getByRole('alert').textContent()).to.contain('déjà servi');
    ahead += 60_000;
    await page.getByLabel('Code à six chiffres').fill(codeOf(typed));
    await press('Vérifier');
    expect(await heading()).to.equal('Votre compte');
    const cookies = await context.cookies();
    expect(cookies.map(({ httpOnly, sameSite }) => `${httpOnly} ${sameSite}`)).to.include('true Lax');
    expect(cookies.every(({ httpOnly, sameSite }) => httpOnly && sameSite === 'Lax')).to.equal(true);
    // The answers that say no are logged by the browser; nothing is blocked by the policy, and no script fails.
    expect(problems.filter((text) => !/status of 4\d\d/.test(text))).to.deep.equal([]);
  });

  it('makes who guesses wait', async () => {
    const login = 'pierre';
    await invite(['system/Slot.rs'], login);
    for (let attempt = 0; attempt < 6; attempt += 1) await signIn('x', login);
    expect(await page.getByRole('alert').textContent()).to.contain('Attendez une minute');
    await look('wait');
  });

  it('takes a passkey for a second factor', async () => {
    const login = 'anne@clinique.example';
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await choose(await invite(ALL, login));
    await page.getByLabel('Nom de la clé').fill('Portable de l’accueil');
    await press('Ajouter une clé d’accès');
    await page.getByRole('link', { name: 'Je les ai notés' }).click();
    expect(await page.getByText('Portable de l’accueil').count()).to.equal(1);
    await look('account-passkey');
    await context.clearCookies();
    await signIn(PASSWORD, login);
    await look('second-factor-passkey');
    await press('Utiliser une clé d’accès');
    await page.getByRole('heading', { name: 'Votre compte' }).waitFor();
    // Without the authenticator there is nothing to sign with.
    await context.clearCookies();
    await devtools.send('WebAuthn.disable');
    await signIn(PASSWORD, login);
    expect(await heading()).to.equal('Vérification');
  });

  it('works without a script', async () => {
    const plain = await browser.newContext({ locale: 'fr-CA', javaScriptEnabled: false });
    page = await plain.newPage();
    await choose(await invite(ALL, 'sans-script'));
    const typed = await page.locator('code').textContent();
    await page.getByLabel('Code que montre').fill(codeOf(typed));
    await press('Enregistrer');
    expect(await heading()).to.equal('Codes de secours');
    expect(await page.getByRole('button', { name: /clé d’accès/ }).count()).to.equal(0);
    await plain.close();
  });

  it('goes to a provider of OpenID Connect and back, and out there too', async () => {
    const start = async () => {
      await page.goto(`${origin}/auth/sign-in`);
      await page.getByRole('link', { name: /le compte du réseau/ }).click();
    };
    await start();
    await page.getByRole('link', { name: 'no' }).click();
    expect(await page.getByRole('alert').textContent()).to.contain('refusé');
    await look('provider-denied');
    await start();
    await page.getByRole('link', { name: 'yes' }).click();
    expect(await heading()).to.equal('Votre compte');
    expect(await page.locator('main').textContent())
      .to.contain('Luc Gagnon')
      .and.contain('system/Slot.rs');
    await look('account-provider');
    // A page of ours whose policy lets it fetch, as the console's will.
    await page.route(`${origin}/console`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<p>' }),
    );
    await page.goto(`${origin}/console`);
    const status = await page.evaluate(async () => {
      const read = await fetch('/fhir/Slot');
      const { csrfToken } = (await (await fetch('/auth/session')).json()) as { csrfToken: string };
      const form = { method: 'POST', body: new URLSearchParams({ _count: '1' }) };
      const bare = await fetch('/fhir/Slot/_search', form);
      const whole = await fetch('/fhir/Slot/_search', { ...form, headers: { 'x-csrf-token': csrfToken } });
      return [read.status, bare.status, whole.status];
    });
    expect(status).to.deep.equal([200, 403, 200]);
    await page.goto(`${origin}/auth/sign-out`);
    await press('Fermer la session');
    await page.waitForURL(/session\/end/);
    await page.getByRole('button', { name: /yes/i }).click();
    await page.waitForURL(`${origin}/auth/sign-in`);
    // It was told: it asks again who this is.
    provider.become({ sub: 'u-2', name: 'Sans droits', groups: ['autres'] });
    await start();
    await page.getByRole('link', { name: 'yes' }).click();
    expect(await page.getByRole('alert').textContent()).to.contain('aucun droit');
  });

  it('says plainly where the way back is not the one that was begun', async () => {
    await page.goto(`${origin}/auth/oidc/callback?code=x&state=y`);
    expect(await page.getByRole('alert').textContent()).to.contain('Recommencez');
    await look('provider-expired');
  });

  it('lets no other site use the session of somebody', async () => {
    await choose(await invite(['system/Slot.rs'], 'jeanne'));
    expect(await heading()).to.equal('Votre compte');
    // Another origin of the same site, to which browsers do send the cookie.
    const other = await context.newPage();
    await other.goto(`${provider.issuer}/interaction/x`);
    const sent: [path: string, init: RequestInit][] = [
      ['/fhir/Slot', {}],
      ['/auth/session', {}],
      ['/auth/sign-out', { method: 'POST', mode: 'no-cors', body: 'x' }],
    ];
    const asked = sent.map(([path, init]) => [origin + path, { ...init, credentials: 'include' }] as const);
    const answers = await other.evaluate(
      (all) =>
        Promise.all(
          all.map(([to, init]) =>
            fetch(to, init).then(
              () => 'read',
              () => 'blocked',
            ),
          ),
        ),
      asked as [string, RequestInit][],
    );
    expect(answers.slice(0, 2)).to.deep.equal(['blocked', 'blocked']);
    await other.setContent(
      `<form method="post" action="${origin}/auth/sign-out"><button>out</button></form>`,
    );
    await other.getByRole('button').click();
    expect(await other.locator('h1').textContent()).to.contain('plus valide');
    await page.reload();
    expect(await heading()).to.equal('Votre compte');
  });
});

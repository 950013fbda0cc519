import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { browserName, openBrowser } from '../support/browser.ts';
import { Console, ENTRY_KEY, LANGUAGES, WORDS } from '../support/console.ts';
import { type ServedDemonstration, serveDemonstration } from '../support/served-demonstration.ts';
import { requireServer } from '../support/servers.ts';

/** What is around every page of the console: who comes in, in which language and colours, and how the session ends. */

/** Made up. */
const PASSWORD = 'quatre chevaux de granit';
const LOGIN = 'accueil@clinique.example';
/** Too few for a second factor to be demanded. */
const SCOPES = ['system/Slot.rs', 'system/Schedule.rs'];

describe('the console', function () {
  this.timeout(90_000);
  let browser: Browser;
  let served: ServedDemonstration;

  before(
    requireServer('Chromium', browserName !== null, async () => {
      [browser, served] = await Promise.all([openBrowser(), serveDemonstration({ entryKey: ENTRY_KEY })]);
    }),
  );
  after(async () => {
    await browser?.close();
    await served?.close();
  });

  it('asks who this is, comes back to the page that was asked for, and shows what the rights are enough for', async () => {
    type Invited = { readonly invitation: { readonly path: string } };
    const { invitation } = await served.ask<Invited>('POST', '/api/people', {
      login: LOGIN,
      name: 'Accueil fictif',
      scopes: SCOPES,
    });
    const context = await browser.newContext({ locale: 'fr-CA' });
    const page = await context.newPage();
    await page.goto(served.url + invitation.path);
    await page.getByLabel('Nouveau mot de passe').fill(PASSWORD);
    await page.getByLabel('Le même, une seconde fois').fill(PASSWORD);
    await page.getByRole('button', { name: 'Enregistrer le mot de passe' }).click();
    await page.getByRole('link', { name: 'Ouvrir la console' }).waitFor();
    await context.clearCookies();

    await page.goto(`${served.url}/agenda?view=week`);
    await page.waitForURL(/\/auth\/sign-in/);
    await page.getByLabel('Nom d’utilisateur').fill(LOGIN);
    await page.getByLabel('Mot de passe').fill(PASSWORD);
    await page.getByRole('button', { name: 'Ouvrir une session' }).click();
    await page.getByRole('button', { name: WORDS.fr.agenda.week, pressed: true }).waitFor();
    expect(new URL(page.url()).search).to.equal('?view=week');
    const links = page.getByRole('navigation').getByRole('link');
    expect(await links.allTextContents()).to.deep.equal([WORDS.fr.pages.agenda]);
    expect(await page.getByRole('button', { name: WORDS.fr.agenda.add, exact: true }).count()).to.equal(0);
    await page.goto(`${served.url}/outage`);
    await page.waitForURL(/\/agenda/);
    await context.close();
  });

  for (const language of LANGUAGES) {
    it(`keeps the language and the colours that are chosen, in ${language}`, async () => {
      const desk = await Console.open(browser, served.url, language);
      const { page } = desk;
      const background = (): Promise<string> =>
        page.evaluate('getComputedStyle(document.body).backgroundColor');
      const light = await background();
      await page.getByRole('button', { name: desk.words.theme.split('{{')[0] ?? '' }).click();
      await page.getByRole('button', { name: desk.words.theme.split('{{')[0] ?? '' }).click();
      const dark = await background();
      expect(dark).not.to.equal(light);
      const other = language === 'fr' ? 'en' : 'fr';
      await page.getByRole('button', { name: other === 'en' ? 'English' : 'Français' }).click();
      await page.getByRole('link', { name: WORDS[other].skip }).waitFor({ state: 'attached' });
      expect(await page.locator('html').getAttribute('lang')).to.equal(`${other}-CA`);
      expect(await page.title()).to.equal(`${WORDS[other].pages.agenda} – Passerelle`);
      expect(await background()).to.equal(dark);
      desk.expectNoProblems();
      await desk.close();
    });

    it(`goes from page to page by the keyboard, and says when the session has ended, in ${language}`, async () => {
      const desk = await Console.open(browser, served.url, language);
      const { page } = desk;
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).to.equal('main');
      await page.getByRole('link', { name: desk.words.pages.outage }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: desk.words.outage.title }).waitFor();
      expect(await page.evaluate('document.activeElement.id')).to.equal('main');
      await page.context().clearCookies();
      await page.getByRole('dialog', { name: desk.words.signedOut.title }).waitFor({ timeout: 30_000 });
      await desk.look('console-signed-out');
      desk.expectNoProblems();
      await desk.close();
    });
  }
});

import { chmod, readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { Browser, Locator } from 'playwright-core';
import { browserName, openBrowser } from '../support/browser.ts';
import { Console } from '../support/console.ts';
import { type ServedProgram, serveProgram } from '../support/served-program.ts';
import { requireServer } from '../support/servers.ts';

/**
 * A clinic that has nothing is set up in the demonstration, against the simulators, then its connections are changed. One process and
 * one language: set-up-for-real.test.ts goes there in English, and test/console/words.test.ts holds the words of both against each other.
 */

/** It is restarted by each change, and a platform is read from the start. */
const SOON_MILLISECONDS = 30_000;
/** Of the simulators. */
const KEY = 'cle-du-simulateur';

type Configuration = {
  readonly revision: string;
  readonly document: { readonly connections: readonly { readonly id: string }[] };
};

describe('the set-up of a clinic, and of its connections', function () {
  this.timeout(240_000);
  let browser: Browser;
  let served: ServedProgram;
  let desk: Console;

  before(
    requireServer('Chromium', browserName !== null, async () => {
      [browser, served] = await Promise.all([openBrowser(), serveProgram('nothing')]);
    }),
  );
  after(async () => {
    await browser?.close();
    await served?.close();
  });
  beforeEach(async () => {
    desk = await Console.open(browser, served.url, 'fr', served.entryKey());
    desk.page.setDefaultTimeout(SOON_MILLISECONDS);
  });
  afterEach(async () => {
    desk.expectNoProblems();
    await desk.close();
  });

  const words = () => desk.words.setUp;
  const connect = () => desk.words.connect;
  const heading = (name: string): Promise<void> =>
    desk.page.getByRole('heading', { name, exact: true }).waitFor();
  const fill = (name: string, text: string): Promise<void> =>
    desk.page.getByRole('textbox', { name, exact: true }).fill(text);
  const choose = (platform: string): Promise<void> =>
    desk.page
      .getByRole('button', { name: `${connect().choice.choose} : ${platform}` })
      .first()
      .click();
  const calendar = (id: string): Locator => desk.page.locator(`[data-calendar="${id}"]`);
  const test = async (): Promise<Locator> => {
    await desk.press(connect().trial.act);
    const said = desk.page.locator('.trial');
    await said.waitFor();
    return said;
  };
  it('leads from nothing to a doctor on two platforms, and goes on where somebody has left', async () => {
    const { page } = desk;
    await heading(words().titles.clinic);
    expect(page.url()).to.match(/\/set-up$/);
    await fill(words().clinic.name, 'Clinique du Parc');
    await desk.look('set-up-clinic');
    await desk.press(words().saveAndGoOn);

    await heading(words().titles.doctors);
    await fill(connect().person.prefix, 'Dr');
    await fill(connect().person.given, 'Alex');
    await fill(connect().person.family, 'Tremblay');
    await desk.press(words().saveAndGoOn);

    await heading(words().titles.first);
    await choose('RVSQ');
    const said = await test();
    await said.getByText(connect().trial.reached.split(' (')[0] ?? '').waitFor();
    const tremblay = calendar('pro-dr-tremblay');
    expect(await tremblay.getByRole('checkbox').isChecked()).to.equal(true);
    await tremblay.getByText(connect().links.because.name).waitFor();
    // Whom nobody knows here is made on the way.
    await calendar('pro-dre-gagnon').getByRole('checkbox').check();
    const family = calendar('pro-dre-gagnon').getByRole('textbox', {
      name: connect().person.family,
      exact: true,
    });
    expect(await family.inputValue()).to.equal('Gagnon');
    await desk.look('set-up-platform');
    await desk.press(connect().save);
    await page.locator('.first-reading[data-state="working"]').waitFor();
    expect(await page.locator('.first-reading').textContent()).to.match(/\d+ plages connues/);

    await desk.go('/set-up');
    await heading(words().titles.second);
    await page.getByRole('link', { name: words().names.clinic }).click();
    expect(await page.getByRole('textbox', { name: words().clinic.name }).inputValue()).to.equal(
      'Clinique du Parc',
    );
    await page.getByRole('link', { name: words().names.second }).click();
    await choose('Bonjour-santé');
    await test();
    for (const id of ['ag-dr-tremblay', 'ag-dre-gagnon'])
      expect(await calendar(id).getByRole('checkbox').isChecked(), id).to.equal(true);
    await desk.press(connect().save);
    await page.locator('.first-reading[data-state="working"]').waitFor();
    await desk.press(words().goOn);

    await heading(words().titles.links);
    await page.getByText('Dr Alex Tremblay, Camille Gagnon').waitFor();
    await desk.look('set-up-links');
    await desk.press(words().goOn);
    await page.getByRole('link', { name: words().done.agenda }).click();
    // Whose column there is: on a weekend they have no slots.
    await page.getByText('Dr Alex Tremblay').first().waitFor({ state: 'attached' });
    expect(await readFile(served.file, 'utf8')).not.to.contain(KEY);
  });

  it('tells why a platform is not reached and what is wrong at its field, before anything is saved', async () => {
    const { page } = desk;
    const before = await readFile(served.file, 'utf8');
    await desk.go('/connections?connection=rvsq');
    await page.getByRole('link', { name: connect().edit, exact: true }).click();
    await heading(connect().links.title);
    const replace = page.getByRole('button', { name: new RegExp(`^${desk.words.form.replace}`) });
    // Of the address and of the key: neither is shown.
    expect(await replace.count()).to.equal(2);
    await replace.last().click();
    await page.locator('input[type="password"]').fill('une-autre-cle');
    const said = await test();
    await said.getByText(/clé|accès|refus/).waitFor();
    await page.locator('.trial.warn').waitFor();
    await desk.press(desk.words.form.keep);
    await said.getByText(connect().trial.old).waitFor();

    await replace.first().click();
    const address = page.locator('input[type="url"]');
    await address.fill('pas une adresse');
    await desk.press(connect().trial.act);
    await page.getByRole('alert').waitFor();
    expect(await address.getAttribute('aria-invalid')).to.equal('true');
    await desk.look('connect-wrong');
    expect(await readFile(served.file, 'utf8')).to.equal(before);
  });

  it('tells whoever saves that somebody else has changed it, and loses nothing that was typed', async () => {
    const { page } = desk;
    await desk.go('/connections/edit?connection=rvsq');
    await heading(connect().links.title);
    await fill(connect().name, 'RVSQ du Parc');
    const { revision, document } = (await (await served.ask('/api/configuration')).json()) as Configuration;
    const other = document.connections.find(({ id }) => id === 'rvsq');
    const changed = await served.ask('/api/configuration/connections/rvsq', {
      method: 'PUT',
      headers: { 'if-match': `"${revision}"` },
      body: JSON.stringify({ ...other, horizonDays: 10 }),
    });
    expect(changed.status).to.equal(200);
    await desk.press(connect().saveUntried);
    await page.getByText(connect().superseded.said).waitFor();
    await page.getByText(connect().superseded.thisOne).waitFor();
    expect(await page.getByRole('textbox', { name: connect().name }).inputValue()).to.equal('RVSQ du Parc');
    await desk.press(connect().saveUntried);
    await page.locator('.first-reading').waitFor();
    const text = await readFile(served.file, 'utf8');
    expect(text).to.contain('RVSQ du Parc').and.to.contain('SIMULATEUR_RVSQ');
  });

  it('adds a platform that no program can reach, and takes it out once it has said what that means', async () => {
    const { page } = desk;
    await desk.go('/connections');
    await page.getByRole('link', { name: connect().add, exact: true }).click();
    await choose('Plateforme tenue à la main');
    await heading(connect().links.title);
    await desk.look('connect-form');
    await fill(connect().name, 'Ancien site');
    await page.getByText(connect().links.addTitle).click();
    await fill(connect().links.id, 'grille-1');
    await page.locator('.add-calendar').getByRole('button').click();
    await calendar('grille-1').getByRole('combobox').first().selectOption({ label: 'Dr Alex Tremblay' });
    await desk.press(connect().saveUntried);
    // What the platform is called is asked for, and was not filled in.
    await page.getByRole('alert').waitFor();
    await page.locator('input[aria-invalid="true"]').fill('Ancien site');
    await desk.press(connect().saveUntried);
    await page.locator('.first-reading').waitFor();

    await page.getByRole('link', { name: connect().see }).click();
    await desk.press(connect().remove.act);
    await page.getByText(connect().remove.means.booked).waitFor();
    await desk.look('connect-remove');
    await desk.confirm(connect().remove.confirm);
    await desk.told(connect().remove.done);
    await page.locator('[data-connection="ancien-site"]').waitFor({ state: 'detached' });
    expect(await readFile(served.file, 'utf8')).not.to.contain('ancien-site');
  });

  it('says why where the configuration cannot be changed from here', async () => {
    await chmod(served.file, 0o444);
    await desk.go('/connections');
    await desk.page.getByText(connect().readOnly.split('{{')[0] ?? '').waitFor();
    expect(await desk.page.getByRole('link', { name: connect().add }).count()).to.equal(0);
    await desk.go('/connections/edit?connection=rvsq');
    await desk.page.getByText(/lecture seule/).waitFor();
    await chmod(served.file, 0o600);
  });
});

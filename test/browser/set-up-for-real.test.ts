import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { Secret, TOTP } from 'otpauth';
import type { Browser, Locator } from 'playwright-core';
import { SIMULATOR_KEY as VENDOR_KEY } from '../../adapters/bonjour-sante/simulator/platform.ts';
import { startSimulator as startVendor } from '../../adapters/bonjour-sante/simulator/start.ts';
import { SIMULATOR_KEY as RVSQ_KEY } from '../../adapters/rvsq/simulator/platform.ts';
import { startSimulator as startRvsq } from '../../adapters/rvsq/simulator/start.ts';
import { WORDS as SIGN_IN } from '../../src/server/sign-in/words.ts';
import { browserName, openBrowser } from '../support/browser.ts';
import { Console } from '../support/console.ts';
import { type ServedProgram, serveProgram } from '../support/served-program.ts';
import { requireServer, until } from '../support/servers.ts';
import { SimulatedSite } from '../support/simulated-site.ts';

/**
 * A gateway that is no demonstration, from its first start: the manager is invited, signs in, and connects two platforms whose
 * addresses and keys are typed in. The platforms are simulators on this machine; who signs in is made up.
 */

/** It is restarted by each change, and a platform is read from the start. */
const SOON_MILLISECONDS = 30_000;
const PASSWORD = 'quatre chevaux de granit';
const WEBHOOK_SECRET = 'a-made-up-secret-of-webhooks';

describe('the first start of a clinic’s own gateway', function () {
  this.timeout(240_000);
  let browser: Browser;
  let served: ServedProgram;
  let desk: Console;
  let vendor: Awaited<ReturnType<typeof startVendor>>;
  let rvsq: Awaited<ReturnType<typeof startRvsq>>;

  before(
    requireServer('Chromium', browserName !== null, async () => {
      const agendas = { seed: 7, actors: ['dr-tremblay'], days: 14 };
      [browser, served, vendor, rvsq] = await Promise.all([
        openBrowser(),
        serveProgram('nothing for real'),
        startVendor(agendas),
        startRvsq(agendas),
      ]);
      desk = await Console.openSignedOut(browser, served.url, 'en');
      desk.page.setDefaultTimeout(SOON_MILLISECONDS);
    }),
  );
  after(async () => {
    await browser?.close();
    await served?.close();
    await vendor?.close();
    await rvsq?.close();
  });
  afterEach(() => desk.expectNoProblems());

  const words = () => desk.words.setUp;
  const connect = () => desk.words.connect;
  const heading = (name: string): Promise<void> =>
    desk.page.getByRole('heading', { name, exact: true }).waitFor();
  /** What is required has an asterisk after its name. */
  const fill = (name: string, text: string): Promise<void> =>
    desk.page.getByLabel(new RegExp(`^${name}( \\*)?$`)).fill(text);
  const calendar = (id: string): Locator => desk.page.locator(`[data-calendar="${id}"]`);
  const choose = (platform: string): Promise<void> =>
    desk.page.getByRole('button', { name: `${connect().choice.choose} : ${platform}` }).click();

  /** As of a platform in the clinic's own network. */
  async function allowThisMachine(): Promise<void> {
    const { page } = desk;
    const allowed = page.getByRole('group', { name: connect().advanced.allowedTargets });
    if (!(await allowed.isVisible())) await page.getByText(connect().advanced.title, { exact: true }).click();
    await allowed.getByRole('button', { name: desk.words.form.add }).click();
    await allowed.getByRole('textbox').fill('127.0.0.1');
  }
  const test = async (said: string): Promise<void> => {
    await desk.press(connect().trial.act);
    await desk.page
      .locator('.trial')
      .getByText(said.split(' (')[0] ?? '')
      .waitFor();
  };

  it('lets the manager in who was invited, by a password and a second factor, and leads to the set-up', async () => {
    const { page } = desk;
    const said = SIGN_IN.en;
    const answer = await served.ask('/api/people', {
      method: 'POST',
      body: JSON.stringify({
        login: 'gestion@clinique.example',
        name: 'Camille Gestion',
        scopes: ['system/*.cruds', 'passerelle/status', 'passerelle/operate', 'passerelle/administer'],
      }),
    });
    const { invitation } = (await answer.json()) as { readonly invitation: { readonly url: string } };
    await page.goto(invitation.url);
    await fill(said.newPassword, PASSWORD);
    await fill(said.repeat, PASSWORD);
    await desk.press(said.choose);
    const typed = ((await page.locator('code').textContent()) ?? '').replace(/ /g, '');
    await fill(said.setUpCode, new TOTP({ secret: Secret.fromBase32(typed) }).generate());
    await desk.press(said.save);
    await page.getByRole('link', { name: said.codesDone }).click();
    await desk.go('/');
    await heading(words().titles.clinic);
    await page.getByText(words().intro).waitFor();
  });

  it('connects two platforms by what they gave the clinic, and closes on the one what is taken on the other', async () => {
    const { page } = desk;
    await desk.go('/set-up');
    await fill(words().clinic.name, 'Clinique du Parc');
    await desk.look('set-up-clinic');
    await desk.press(words().saveAndGoOn);
    await heading(words().titles.doctors);
    await fill(connect().person.prefix, 'Dr');
    await fill(connect().person.given, 'Alex');
    await fill(connect().person.family, 'Tremblay');
    await desk.look('set-up-doctors');
    await desk.press(words().saveAndGoOn);

    await heading(words().titles.first);
    await desk.look('set-up-choice');
    await choose('Québec Medical Appointment Scheduler');
    await fill(connect().name, 'RVSQ');
    await fill('Address', rvsq.url);
    await fill('API key', 'the key of somebody else');
    // Nothing on the clinic's own network is called before somebody says so.
    await test(connect().trial.notReached);
    await page
      .locator('.trial')
      .getByText(/allowed/)
      .waitFor();
    await allowThisMachine();
    await test(connect().trial.notReached);
    await page
      .locator('.trial')
      .getByText(/credentials/)
      .waitFor();
    await fill('API key', RVSQ_KEY);
    await fill(connect().advanced.pollSeconds, '1');
    await test(connect().trial.reached);
    expect(await calendar('pro-dr-tremblay').getByRole('checkbox').isChecked()).to.equal(true);
    await desk.press(connect().save);
    await page.locator('.first-reading[data-state="working"]').waitFor();
    await desk.press(words().goOn);

    await heading(words().titles.second);
    await choose('Bonjour-santé');
    await fill(connect().name, 'Bonjour-santé');
    await fill('Address', vendor.url);
    await fill('API key', VENDOR_KEY);
    await fill('Webhook secret', WEBHOOK_SECRET);
    await allowThisMachine();
    await test(connect().trial.reached);
    await desk.look('set-up-second');
    const there = new SimulatedSite(vendor.url);
    // Slow enough for its first reading to be seen on its way.
    await there.faults({ latencyMs: 3_000 });
    await desk.press(connect().save);
    const bar = page.getByRole('progressbar', { name: connect().reading.progress });
    await bar.and(page.locator('[value="0"][max="1"]')).waitFor();
    await there.faults({});
    await page.locator('.first-reading[data-state="working"]').waitFor();
    await desk.press(words().goOn);
    await heading(words().titles.links);
    await page.getByText('Dr Alex Tremblay').first().waitFor();
    await desk.press(words().goOn);
    await heading(words().titles.done);
    await desk.look('set-up-done');

    const here = new SimulatedSite(rvsq.url);
    const slot = await here.laterSlot();
    await here.book(slot.id);
    await until('it is closed on the other', async () =>
      (await there.overlapping(slot)).every(({ status }) => status !== 'free'),
    );
  });

  it('has written who and what into the file, and no secret', async () => {
    const text = await readFile(served.file, 'utf8');
    expect(text).to.contain(rvsq.url).and.to.contain(vendor.url).and.to.contain('127.0.0.1');
    for (const secret of [RVSQ_KEY, VENDOR_KEY, WEBHOOK_SECRET]) expect(text).not.to.contain(secret);
    const kept = await Promise.all(
      (await readdir(join(served.folder, 'secrets'))).map((name) =>
        readFile(join(served.folder, 'secrets', name), 'utf8'),
      ),
    );
    expect(kept).to.include.members([RVSQ_KEY, VENDOR_KEY, WEBHOOK_SECRET]);
  });

  it('calls a connection otherwise, keeps its secrets, and takes it out once it has said what that means', async () => {
    const { page } = desk;
    await desk.go('/connections?connection=rvsq');
    await page.getByRole('link', { name: connect().edit, exact: true }).click();
    await page.getByText(desk.words.form.kept.secret).waitFor();
    await fill(connect().name, 'RVSQ du Parc');
    await test(connect().trial.reached);
    await desk.press(connect().save);
    await page.getByText(connect().saved.replace('{{title}}', 'RVSQ du Parc')).waitFor();
    await page.getByRole('link', { name: connect().see }).click();
    await desk.press(connect().remove.act);
    await page.getByText(connect().remove.means.booked).waitFor();
    await desk.look('connect-remove');
    await desk.confirm(connect().remove.confirm);
    await desk.told(connect().remove.done);
    await page.locator('[data-connection="rvsq"]').waitFor({ state: 'detached' });
    await page.locator('[data-connection="bonjour-sante"]').waitFor();
    expect(await readFile(served.file, 'utf8')).not.to.contain('rvsq');
  });
});

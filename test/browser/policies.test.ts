import { chmod } from 'node:fs/promises';
import { expect } from 'chai';
import type { Browser, Locator } from 'playwright-core';
import { UNKNOWNS } from '../../src/engine/preview/words.ts';
import { browserName, openBrowser } from '../support/browser.ts';
import { Console, LANGUAGES } from '../support/console.ts';
import { madeUpWeek } from '../support/made-up-week.ts';
import { type ServedProgram, serveProgram } from '../support/served-program.ts';
import { requireServer, until } from '../support/servers.ts';

/** The rules of a schedule, by the manager of the demonstration's clinic: everything is made up. */

type Schedule = { readonly id: string; readonly practitioner: string; readonly policy?: object };

/** With each change it starts anew. */
const SOON_MILLISECONDS = 30_000;

for (const language of LANGUAGES) {
  describe(`the rules, in ${language}`, function () {
    this.timeout(120_000);
    let browser: Browser;
    let served: ServedProgram;
    let desk: Console;
    let schedules: readonly Schedule[];

    before(
      requireServer('Chromium', browserName !== null, async () => {
        [browser, served] = await Promise.all([openBrowser(), serveProgram('demonstration')]);
        schedules = (await configured()).schedules;
      }),
    );
    after(async () => {
      await browser?.close();
      await served?.close();
    });
    beforeEach(async () => {
      desk = await Console.open(browser, served.url, language, served.entryKey());
    });
    afterEach(async () => {
      desk.expectNoProblems();
      await desk.close();
    });

    /** What the file says. */
    const configured = async (): Promise<{
      readonly revision: string;
      readonly schedules: readonly Schedule[];
    }> => {
      const { revision, document } = (await (await served.ask('/api/configuration')).json()) as {
        readonly revision: string;
        readonly document: { readonly schedules: readonly Schedule[] };
      };
      return { revision, schedules: document.schedules };
    };
    const words = () => desk.words.policies;
    const rule = (title: string): Locator => desk.page.getByRole('group', { name: title, exact: true });
    const preview = (): Locator => desk.page.getByRole('region', { name: words().preview.title });

    /** Of a gateway that has just started nothing is known, which is said. */
    const settled = (): Promise<void> =>
      desk.page.getByText(words().preview.nothing.split('{{')[0] ?? '').waitFor();

    it('says in plain words what each rule costs, and what the last week would have been', async () => {
      // A gateway that has just started has no past, so one is made up.
      await desk.page.route('**/api/policies/*/preview?*', (route) =>
        route.fulfill({ json: madeUpWeek(route.request().postDataJSON()) }),
      );
      await desk.go('/policies');
      await rule(words().sharing.title).getByText(words().sharing.shared.says).waitFor();
      await preview().getByText(words().cases.none).waitFor();
      await rule(words().sharing.title).getByLabel(words().sharing.allotted.text).check();
      await desk.fill(words().fields.cancelUntil.label, '24');
      await preview().getByRole('row', { name: words().figures.share }).waitFor();
      expect(await preview().getByRole('img').count()).to.equal(4);
      await preview().getByText(words().cases.outcomes.prevented).first().waitFor();
      await desk.page.evaluate('scrollTo(0, 0)');
      await desk.look('policies');
      await preview().getByText(words().preview.unknowns).click();
      await preview().getByText(UNKNOWNS.refused[language]).waitFor();
    });

    it('shows how the hours of the week to come are dealt, as the gateway itself works it out', async () => {
      await desk.go('/policies');
      await settled();
      await desk.press(words().preview.weeks.next);
      await rule(words().sharing.title).getByLabel(words().sharing.allotted.text).check();
      const bars = preview().getByRole('img');
      await bars.first().waitFor();
      /** Without whose it is, and under which rules. */
      const hours = async (bar: number) =>
        (await bars.nth(bar).getAttribute('aria-label'))?.split('. ').slice(1).join();
      await until('its share is less than all', async () => (await hours(0)) !== (await hours(1)));
      expect(await bars.count()).to.equal(4);
      await preview().getByText(words().preview.unknowns).click();
      await preview().getByText(UNKNOWNS.notOver[language]).waitFor();
    });

    it('is told what is wrong beside the control, by the gateway itself', async () => {
      await desk.go('/policies');
      const most = desk.page.getByLabel(words().fields.holdMost.label, { exact: true });
      await settled();
      await most.fill('90');
      await desk.page.locator('[aria-invalid="true"]').waitFor();
      await preview().getByText(words().preview.wrong).waitFor();
      await most.fill('20');
      await settled();
      expect(await desk.page.locator('[aria-invalid="true"]').count()).to.equal(0);
    });

    it('saves what was changed, for one schedule and the same for another', async () => {
      desk.page.setDefaultTimeout(SOON_MILLISECONDS);
      await desk.go(`/policies?schedule=${schedules[0]?.id}`);
      await rule(words().conflicts.title).getByLabel(words().conflicts['keep-first'].text).check();
      await settled();
      await desk.press(words().save.act);
      const dialog = desk.page.getByRole('dialog');
      expect(await dialog.locator('del').allTextContents()).to.deep.equal([words().conflicts.ask.text]);
      expect(await dialog.locator('ins').allTextContents()).to.deep.equal([
        words().conflicts['keep-first'].text,
      ]);
      await desk.look('policies-save');
      await dialog.getByText(words().save.also).click();
      await dialog.getByRole('checkbox').first().check();
      await desk.confirm(words().save.confirm);
      await desk.told(words().save.done_other.split('{{')[0] ?? '');
      const { schedules: saved } = await configured();
      expect(saved.map(({ policy }) => policy)).to.deep.equal([
        { ...schedules[0]?.policy, conflicts: 'keep-first' },
        { ...schedules[1]?.policy, conflicts: 'keep-first' },
        schedules[2]?.policy,
      ]);
    });

    it('loses nothing where the file was changed meanwhile, and says where it cannot be written', async () => {
      desk.page.setDefaultTimeout(SOON_MILLISECONDS);
      const changed = schedules[2];
      await desk.go(`/policies?schedule=${changed?.id}`);
      await desk.fill(words().fields.cancelUntil.label, '12');
      await settled();
      const { revision } = await configured();
      const other = await served.ask(`/api/configuration/schedules/${changed?.id}`, {
        method: 'PUT',
        headers: { 'if-match': `"${revision}"` },
        body: JSON.stringify({ ...changed, policy: { failover: 'accept' } }),
      });
      expect(other.status).to.equal(200);
      await desk.press(words().save.act);
      await desk.confirm(words().save.confirm);
      await desk.page.getByRole('dialog').getByText(words().save.stale).waitFor();
      await desk.confirm(words().save.readAgain);
      await rule(words().failover.title)
        .getByLabel(words().failover.accept.text)
        .and(desk.page.locator(':checked'))
        .waitFor();

      await chmod(served.file, 0o444);
      await desk.go('/policies');
      await desk.page.getByText(words().save.notWritable).waitFor();
      await desk.fill(words().fields.cancelUntil.label, '12');
      await settled();
      expect(await desk.page.getByRole('button', { name: words().save.act }).isDisabled()).to.equal(true);
      await chmod(served.file, 0o600);
    });
  });
}

import { expect } from 'chai';
import type { Browser, Locator, Page } from 'playwright-core';
import { UNKNOWNS } from '../../src/engine/preview/words.ts';
import { browserName, openBrowser } from '../support/browser.ts';
import { Console, ENTRY_KEY, LANGUAGES } from '../support/console.ts';
import { madeUpWeek } from '../support/made-up-week.ts';
import { type ServedDemonstration, serveDemonstration } from '../support/served-demonstration.ts';
import { requireServer, until } from '../support/servers.ts';

/** The rules of a schedule, by the manager of the demonstration's clinic: everything is made up. */

type Schedule = { readonly id: string; readonly practitioner: string };
type Written = { readonly path: string; readonly ifMatch: string | undefined; readonly policy: unknown };

const REVISION = 'a'.repeat(64);
const NEXT = 'b'.repeat(64);

for (const language of LANGUAGES) {
  describe(`the rules, in ${language}`, function () {
    this.timeout(120_000);
    let browser: Browser;
    let served: ServedDemonstration;
    let desk: Console;
    let schedules: readonly Schedule[];
    /** What words do not change is tried in one language. */
    const once: (name: string, run: () => Promise<void>) => void = language === 'fr' ? it : () => undefined;

    before(
      requireServer('Chromium', browserName !== null, async () => {
        [browser, served] = await Promise.all([openBrowser(), serveDemonstration({ entryKey: ENTRY_KEY })]);
        ({ schedules } = await served.ask<{ schedules: Schedule[] }>('GET', '/api/policies'));
      }),
    );
    after(async () => {
      await browser?.close();
      await served?.close();
    });
    beforeEach(async () => {
      desk = await Console.open(browser, served.url, language);
    });
    afterEach(async () => {
      desk.expectNoProblems();
      await desk.close();
    });

    const words = () => desk.words.policies;
    const rule = (title: string): Locator => desk.page.getByRole('group', { name: title, exact: true });
    const preview = (): Locator => desk.page.getByRole('region', { name: words().preview.title });

    /** Of a gateway that has just started nothing is known, which is said. */
    const settled = (): Promise<void> =>
      desk.page.getByText(words().preview.nothing.split('{{')[0] ?? '').waitFor();

    /** A gateway of tests has no file, so one is made up; what is written to it is kept. */
    async function withFile(page: Page, answer: 'taken' | 'changed' | 'read-only'): Promise<Written[]> {
      const written: Written[] = [];
      const document = {
        schedules: schedules.map(({ id }) => ({ id, practitioner: 'x', policy: { freshnessMinutes: 5 } })),
      };
      await page.route('**/api/configuration', (route) => {
        const revision = written.length > 0 ? NEXT : REVISION;
        const isWritable = answer !== 'read-only';
        const reason = isWritable
          ? null
          : { fr: 'le fichier est en lecture seule', en: 'the file is read-only' };
        return route.fulfill({
          json: {
            ...{ revision, running: revision, exists: true, writable: { isWritable, reason }, document },
            ...{ problems: [], failed: null, offered: [] },
          },
        });
      });
      await page.route('**/api/configuration/schedules/*', (route) => {
        const request = route.request();
        if (answer === 'changed') {
          const issue = [{ severity: 'error', code: 'conflict', diagnostics: 'x' }];
          return route.fulfill({ status: 412, json: { resourceType: 'OperationOutcome', issue } });
        }
        written.push({
          path: new URL(request.url()).pathname,
          ifMatch: request.headers()['if-match'],
          policy: (request.postDataJSON() as { policy: unknown }).policy,
        });
        return route.fulfill({ json: { revision: NEXT } });
      });
      return written;
    }

    it('says in plain words what each rule costs, and what the last week would have been', async () => {
      await withFile(desk.page, 'taken');
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

    once(
      'shows how the hours of the week to come are dealt, as the gateway itself works it out',
      async () => {
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
      },
    );

    once('is told what is wrong beside the control, by the gateway itself', async () => {
      await desk.go('/policies');
      const most = desk.page.getByLabel(words().fields.holdMost.label, { exact: true });
      await settled();
      await most.fill('90');
      await desk.page.locator('[aria-invalid="true"]').waitFor();
      await preview().getByText(words().preview.wrong).waitFor();
      await most.fill('20');
      await settled();
      expect(await desk.page.locator('[aria-invalid="true"]').count()).to.equal(0);
      await desk.page.getByText(words().save.noFile).waitFor();
    });

    once('saves what was changed, for one schedule or the same for others', async () => {
      const written = await withFile(desk.page, 'taken');
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
      expect(written).to.deep.equal(
        [REVISION, NEXT].map((revision, index) => ({
          path: `/api/configuration/schedules/${schedules[index]?.id}`,
          ifMatch: `"${revision}"`,
          policy: { freshnessMinutes: 5, conflicts: 'keep-first' },
        })),
      );
    });

    once(
      'loses nothing where the file was changed meanwhile, and says where it cannot be written',
      async () => {
        await withFile(desk.page, 'changed');
        await desk.go('/policies');
        await desk.fill(words().fields.cancelUntil.label, '12');
        await settled();
        await desk.press(words().save.act);
        await desk.confirm(words().save.confirm);
        await desk.page.getByRole('dialog').getByText(words().save.stale).waitFor();
        await desk.confirm(words().save.readAgain);
        await desk.page.unrouteAll();
        await withFile(desk.page, 'read-only');
        await desk.go('/policies');
        await desk.page.getByText('le fichier est en lecture seule').waitFor();
        await desk.fill(words().fields.cancelUntil.label, '12');
        await settled();
        expect(await desk.page.getByRole('button', { name: words().save.act }).isDisabled()).to.equal(true);
      },
    );
  });
}

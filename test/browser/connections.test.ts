import { expect } from 'chai';
import type { Browser, Locator } from 'playwright-core';
import { browserName, openBrowser } from '../support/browser.ts';
import { Console, ENTRY_KEY, LANGUAGES } from '../support/console.ts';
import { type ServedDemonstration, serveDemonstration } from '../support/served-demonstration.ts';
import { requireServer, until } from '../support/servers.ts';

/** The connections, by the manager of the demonstration's clinic: everything is made up. */

/** Three calls have to fail before a platform is called down, and they are made when it is read. */
const SOON_MILLISECONDS = 60_000;

type Answer = { readonly connections: readonly { readonly id: string; readonly state: string }[] };

for (const language of LANGUAGES) {
  describe(`the connections, in ${language}`, function () {
    this.timeout(180_000);
    let browser: Browser;
    let served: ServedDemonstration;
    let desk: Console;

    before(
      requireServer('Chromium', browserName !== null, async () => {
        [browser, served] = await Promise.all([openBrowser(), serveDemonstration({ entryKey: ENTRY_KEY })]);
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

    const words = () => desk.words.connections;
    const card = (id: string): Locator => desk.page.locator(`[data-connection="${id}"]`);
    const saying = (text: string): RegExp =>
      new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\\\{\\\{\w+\\\}\\\}/g, '.*'));
    const stateOf = async (id: string): Promise<string | undefined> =>
      (await served.ask<Answer>('GET', '/api/status')).connections.find((each) => each.id === id)?.state;
    const open = async (id: string): Promise<void> => {
      await desk.go(`/connections?connection=${id}`);
      await desk.page.getByRole('heading', { level: 2 }).waitFor();
    };

    it('says that all is well, how it has been, and what proves each ability', async () => {
      // A gateway that has just started has no past, so one is made up.
      await desk.page.route('**/api/connections/*/history*', (route) => route.fulfill({ json: madeUpDay() }));
      await open('rvsq');
      await card('rvsq').getByText(saying(words().says.well)).waitFor();
      await desk.page.getByText(saying(words().allWell_other)).waitFor();
      const drawn = desk.page.getByRole('img', { name: saying(words().history.said) });
      expect(await drawn.count()).to.equal(3);
      expect(await drawn.first().locator('polyline').count()).to.be.at.least(2);
      await desk.page.getByText(words().ability.gradeSays.platinum).waitFor();
      await desk.page.getByText(words().ability.contracts.assumed).waitFor();
      await desk.look('connections');
      await desk.page.locator('details > summary', { hasText: words().report.title }).click();
      await desk.page.locator('details > summary', { hasText: words().report.subjects.nights }).click();
      await desk.page
        .locator('.cases li:visible', { hasText: words().report.outcomes.passed })
        .first()
        .waitFor();
      await desk.look('connections-report');
    });

    it('says in plain words that a platform is down and since when, and that it is well again', async () => {
      await served.rvsq.faults({ down: true });
      await until('it is down', async () => (await stateOf('rvsq')) === 'down', SOON_MILLISECONDS);
      await desk.go('/connections');
      await card('rvsq').locator('.badge', { hasText: words().states.down }).waitFor();
      const told = (await card('rvsq').locator('.says').textContent()) ?? '';
      expect(told).to.match(/\d\d:\d\d/);
      expect(told).to.contain(
        language === 'fr' ? 'la plateforme ne répond pas' : 'the platform does not answer',
      );
      expect(await desk.page.locator('.cards li').first().getAttribute('data-connection')).to.equal('rvsq');
      await open('rvsq');
      const trouble = desk.page.locator('.note.wrong');
      await trouble.getByText(words().trouble.toDo).waitFor();
      expect(await trouble.textContent()).to.not.contain('503');
      // What is taken meanwhile elsewhere cannot be closed there.
      const [slot] = await served.vendor.laterSlots();
      await served.vendor.book(slot?.id ?? '');
      const differing = desk.page
        .getByRole('table')
        .getByRole('row', { name: desk.words.agenda.standing.closed });
      await differing.first().waitFor({ timeout: SOON_MILLISECONDS });
      await desk.look('connections-down');
      await served.rvsq.faults({});
      await card('rvsq')
        .locator('.badge', { hasText: words().states.working })
        .waitFor({ timeout: SOON_MILLISECONDS });
      await desk.page.getByText(words().differing.none).waitFor({ timeout: SOON_MILLISECONDS });
      expect(await trouble.count()).to.equal(0);
    });

    it('synchronizes at a push of a button, and counts what it read', async () => {
      await open('bonjour-sante');
      // Slow enough to be seen on its way.
      await served.vendor.faults({ latencyMs: 1_000 });
      await desk.press(words().sync.act);
      const bar = desk.page.getByRole('progressbar', { name: words().sync.under });
      await desk.page
        .locator('.sync', {
          has: bar.and(desk.page.locator('[max="3"]')),
          hasText: saying(words().sync.step.replace('{{of}}', '3')),
        })
        .waitFor();
      await desk.told(words().sync.done);
      await served.vendor.faults({});
      const told = (await desk.page.locator('.notice').textContent()) ?? '';
      expect(Number(/(\d+) (lignes|rows)/.exec(told)?.[1])).to.be.greaterThan(10);
    });

    it('is paused only once what that means was said, and resumed', async () => {
      await open('rvsq');
      await desk.press(words().pause.act);
      await desk.page.getByText(words().pause.means.refused).waitFor();
      await desk.look('connections-pause');
      await desk.confirm(words().pause.confirm);
      await desk.told(words().pause.paused);
      expect(await stateOf('rvsq')).to.equal('paused');
      await card('rvsq')
        .getByText(saying(words().says.paused.replace('{{since}}', '{{when}}')))
        .waitFor();
      await desk.press(desk.words.undo);
      await desk.told(words().pause.resumed);
      await until('it goes on', async () => (await stateOf('rvsq')) === 'working', SOON_MILLISECONDS);
      await desk.press(words().pause.act);
      await desk.confirm(words().pause.confirm);
      await desk.told(words().pause.paused);
      const writes = (await served.rvsq.writes()).length;
      const [slot] = await served.vendor.laterSlots();
      await served.vendor.book(slot?.id ?? '');
      const closing = desk.page.getByRole('row', { name: desk.words.agenda.standing.closed });
      await closing.first().waitFor({ timeout: SOON_MILLISECONDS });
      expect((await served.rvsq.writes()).length, 'nothing is written while it is paused').to.equal(writes);
      await desk.press(words().pause.resume);
      await desk.page.getByText(words().differing.none).waitFor({ timeout: SOON_MILLISECONDS });
      expect((await served.rvsq.writes()).length).to.be.greaterThan(writes);
      await until('it goes on', async () => (await stateOf('rvsq')) === 'working', SOON_MILLISECONDS);
      const audit = await fetch(`${served.url}/api/audit/export`, { headers: await served.headers() });
      expect(await audit.text())
        .to.contain('connection.paused')
        .and.to.contain('connection.resumed');
    });
  });
}

/** A day with an hour of which nothing is known, and one outage. */
function madeUpDay(): object {
  const step = 300_000;
  const before = Math.ceil(Date.now() / step) * step;
  const from = before - 288 * step;
  const points = Array.from({ length: 288 }, (_, index) => index)
    .filter((index) => index < 100 || index > 112)
    .map((index) => {
      const isOut = index > 200 && index < 206;
      return {
        at: new Date(from + index * step).toISOString(),
        ...{ delivered: 3, lagMillisecondsMedian: 400, lagMillisecondsMax: 600 + (index % 7) * 90 },
        ageMilliseconds: isOut ? (index - 200) * step : 15_000,
        differing: isOut ? 12 : 0,
        ...{ failures: isOut ? 9 : 0, circuitOpen: isOut, paused: false },
      };
    });
  const text = (at: number): string => new Date(at).toISOString();
  return { connection: 'rvsq', from: text(from), before: text(before), stepSeconds: 300, points };
}

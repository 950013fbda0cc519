import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { addDays, instantOf, today } from '../../console/src/time/zone.ts';
import { browserName, openBrowser } from '../support/browser.ts';
import { Console, ENTRY_KEY, LANGUAGES } from '../support/console.ts';
import { type ServedDemonstration, serveDemonstration } from '../support/served-demonstration.ts';
import { requireServer, until } from '../support/servers.ts';

/** The day of an outage, at the desk of the demonstration’s clinic: everything is made up. */

const ZONE = 'America/Toronto';
const PHONE = '514 555-0100';
const PDF = /^%PDF-1\.\d/;
/** The sheet is kept fresh within seconds of a change; a circuit opens after some calls that failed. */
const SOON_MILLISECONDS = 30_000;

for (const language of LANGUAGES) {
  describe(`the day of an outage, in ${language}`, function () {
    this.timeout(120_000);
    let browser: Browser;
    let served: ServedDemonstration;
    let desk: Console;

    before(
      requireServer('Chromium', browserName !== null, async () => {
        [browser, served] = await Promise.all([openBrowser(), serveDemonstration({ entryKey: ENTRY_KEY })]);
        const tomorrow = addDays(today(ZONE), 1);
        await served.ask('POST', '/api/appointments', {
          schedule: 'dre-gagnon',
          start: instantOf(`${tomorrow}T10:00:00`, ZONE),
          end: instantOf(`${tomorrow}T10:20:00`, ZONE),
          patient: {
            resourceType: 'Patient',
            name: [{ family: 'Exemple', given: ['Rose'] }],
            telecom: [{ system: 'phone', value: PHONE }],
          },
          override: { reason: 'agreed' },
        });
      }),
    );
    after(async () => {
      await browser?.close();
      await served?.close();
    });
    beforeEach(async () => {
      desk = await Console.open(browser, served.url, language);
      await desk.go('/outage');
    });
    afterEach(() => desk.close());

    const words = () => desk.words.outage;
    const sheet = () => desk.page.locator('.doctor', { hasText: 'Gagnon' });

    it('says that nothing is down, then what is, what it means and what waits, then that all is well again', async () => {
      const { page } = desk;
      await page.getByText(words().well).waitFor();
      await served.rvsq.faults({ down: true });
      const down = page.getByRole('article', { name: 'RVSQ' });
      await down.waitFor({ timeout: SOON_MILLISECONDS });
      const [slot] = (await served.vendor.slots('dr-tremblay')).filter(({ status }) => status === 'free');
      await served.vendor.book(slot?.id ?? '');
      await down.getByText(words().queued.close_one).waitFor({ timeout: SOON_MILLISECONDS });
      await down.getByText(words().schedules.refuse).first().waitFor();
      expect(await down.getByRole('row', { name: /Tremblay/ }).textContent()).to.contain('Bonjour-santé');
      await page
        .getByRole('row', { name: /Bonjour-santé/ })
        .last()
        .waitFor();
      await desk.look('outage-down');
      await served.rvsq.faults({});
      await page.getByText(words().well).waitFor({ timeout: 2 * SOON_MILLISECONDS });
      desk.expectNoProblems();
    });

    it('has a sheet of who comes, to be read, printed and taken away, also when the gateway falls silent', async () => {
      const { page } = desk;
      await desk.press(words().sheet.tomorrow);
      await sheet()
        .getByText('Rose Exemple')
        .waitFor({ timeout: 2 * SOON_MILLISECONDS });
      expect(await sheet().textContent())
        .to.contain(PHONE)
        .and.contain('10:00–10:20');
      await desk.look('outage-sheet');
      for (const [kind, check] of [
        ['PDF', (text: string) => expect(text).to.match(PDF)],
        ['CSV', (text: string) => expect(text).to.contain('Exemple').and.contain(PHONE)],
      ] as const) {
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('link', { name: kind, exact: true }).click(),
        ]);
        check(await textOf(await download.createReadStream()));
      }
      await page.emulateMedia({ media: 'print' });
      expect(await sheet().isVisible()).to.equal(true);
      expect(await page.getByRole('navigation').isVisible()).to.equal(false);
      await page.emulateMedia({ media: 'screen' });
      await page.route('**/api/**', (route) => route.abort());
      const silent = words().sheet.silent.split('{{')[0] ?? '';
      await until('it is said', async () => (await page.getByText(silent).count()) === 1, 60_000);
      expect(await sheet().getByText('Rose Exemple').isVisible()).to.equal(true);
    });
  });
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}

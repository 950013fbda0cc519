import { expect } from 'chai';
import type { Bundle } from 'fhir/r4.js';
import type { Browser, Locator } from 'playwright-core';
import { addDays, mondayOf, today } from '../../console/src/time/zone.ts';
import { browserName, openBrowser } from '../support/browser.ts';
import { Console, ENTRY_KEY, LANGUAGES } from '../support/console.ts';
import { type ServedDemonstration, serveDemonstration } from '../support/served-demonstration.ts';
import { requireServer, until } from '../support/servers.ts';

/** The agenda, by somebody at the desk of the demonstration's clinic: everything is made up. */

const ZONE = 'America/Toronto';
const TREMBLAY = 'dr-tremblay';
const GAGNON = 'dre-gagnon';
const NGUYEN = 'dr-nguyen';
const PIXELS_A_MINUTE = 22 / 15;
/** A second is what was promised; a slow machine is given more before the test fails. */
const SOON_MILLISECONDS = 20_000;

for (const language of LANGUAGES) {
  describe(`the agenda, in ${language}`, function () {
    this.timeout(120_000);
    let browser: Browser;
    let served: ServedDemonstration;
    let desk: Console;
    let day: string;

    before(
      requireServer('Chromium', browserName !== null, async () => {
        [browser, served] = await Promise.all([openBrowser(), serveDemonstration({ entryKey: ENTRY_KEY })]);
        // A working day that is whole: the Monday to come.
        day = addDays(mondayOf(today(ZONE)), 7);
      }),
    );
    after(async () => {
      await browser?.close();
      await served?.close();
    });
    beforeEach(async () => {
      desk = await Console.open(browser, served.url, language);
      await desk.go(`/agenda?day=${day}`);
      await entries('free').first().waitFor();
    });
    afterEach(async () => {
      desk.expectNoProblems();
      await desk.close();
    });

    const entries = (kind: string): Locator => desk.page.locator(`.ec-event.${kind} button`);
    const words = () => desk.words.agenda;
    /** What the entry is called begins with its time, then whose it is. */
    const at = (kind: string, clock: string, doctor: string): Locator =>
      desk.page.locator(`.ec-event.${kind} button[title^="${clock}"]`).filter({ hasText: doctor });
    const panel = (): Locator => desk.page.getByRole('complementary');
    const slotsOf = async (platform: 'vendor' | 'rvsq', actor: string, clock: string) =>
      (await served[platform].slots(actor)).filter(({ start }) => start.includes(`${day}T${clock}`));
    const statusAt = async (platform: 'vendor' | 'rvsq', actor: string, clock: string): Promise<string> =>
      (await slotsOf(platform, actor, clock))[0]?.status ?? 'none';
    const show = (view: string): Promise<unknown> => desk.go(`/agenda?${view}`);
    const name = async (given: string): Promise<void> => {
      await desk.fill(words().book.given, given);
      await desk.fill(words().book.family, 'Exemple');
      await desk.fill(words().book.phone, '514 555-0100');
    };

    it('shows what is booked on a platform as it is booked, and how it stands on each', async () => {
      const [slot] = await slotsOf('rvsq', TREMBLAY, '09:40');
      await served.rvsq.book(slot?.id ?? '');
      await at('appointment', '09:40', 'Tremblay').click({ timeout: SOON_MILLISECONDS });
      const rows = panel().getByRole('row');
      await rows.filter({ hasText: 'Bonjour-santé' }).filter({ hasText: words().listing.agrees }).waitFor();
      expect(await rows.filter({ hasText: 'Bonjour-santé' }).textContent()).to.contain(
        words().standing.closed,
      );
      expect(await rows.filter({ hasText: 'RVSQ' }).textContent()).to.contain(words().standing.booked);
      await desk.look('agenda-day');
      await show(`day=${day}&view=week&schedule=${TREMBLAY}`);
      await at('appointment', '09:40', 'Tremblay').waitFor();
      await desk.look('agenda-week');
    });

    it('books by telephone under a hold, moves, cancels, and takes it back', async () => {
      await at('free', '13:00', 'Gagnon').filter({ hasText: 'RVSQ' }).click();
      await desk.press(words().act.book);
      await desk.page.locator('dialog .number').waitFor();
      await until(
        'it is held at the platform',
        async () => (await statusAt('rvsq', GAGNON, '13:00')) === 'held',
      );
      await desk.look('agenda-book');
      await desk.press(words().book.confirm);
      expect(await desk.page.getByText(words().book.required).count()).to.equal(2);
      await name('Rose');
      await desk.press(words().book.confirm);
      await desk.told(words().done.booked);
      await until(
        'it is booked at the platform',
        async () => (await statusAt('rvsq', GAGNON, '13:00')) === 'busy',
      );

      await entries('appointment').filter({ hasText: 'Rose Exemple' }).click();
      expect(await panel().textContent()).to.contain('514 555-0100');
      await desk.press(words().act.move);
      await desk.look('agenda-move');
      await desk.page.getByLabel(words().move.choose).selectOption({ index: 0 });
      await desk.confirm(words().move.confirm);
      await desk.told(words().done.moved);
      await until(
        'its former time is free',
        async () => (await statusAt('rvsq', GAGNON, '13:00')) === 'free',
      );
      await desk.page.keyboard.press('Control+z');
      await until('it is back', async () => (await statusAt('rvsq', GAGNON, '13:00')) === 'busy');

      await at('appointment', '13:00', 'Gagnon').click();
      await desk.press(words().act.cancel);
      await desk.confirm(words().cancel.confirm);
      await desk.told(words().done.cancelled);
      await until('it is free', async () => (await statusAt('rvsq', GAGNON, '13:00')) === 'free');
      await desk.press(desk.words.undo);
      await until('it is booked again', async () => (await statusAt('rvsq', GAGNON, '13:00')) === 'busy');
    });

    it('gives a held slot back when the form is closed', async () => {
      await at('free', '14:00', 'Gagnon').filter({ hasText: 'RVSQ' }).click();
      await desk.press(words().act.book);
      await until('it is held', async () => (await statusAt('rvsq', GAGNON, '14:00')) === 'held');
      await desk.page.keyboard.press('Escape');
      await until('it is given back', async () => (await statusAt('rvsq', GAGNON, '14:00')) === 'free');
    });

    it('shows the holds of others with the time that they have left', async () => {
      const [slot] = await slotsOf('rvsq', TREMBLAY, '10:00');
      const found = await served.ask<Bundle>(
        'GET',
        `/fhir/Slot?schedule=Schedule/${TREMBLAY}&start=${slot?.start.replace('+', '%2B')}&status=free`,
      );
      await served.ask('POST', `/fhir/Slot/${found.entry?.[0]?.resource?.id}/$hold`, {
        resourceType: 'Parameters',
      });
      await entries('hold').click({ timeout: SOON_MILLISECONDS });
      await panel().locator('.number').waitFor();
      expect(await panel().locator('.number').textContent()).to.match(/^\d+:\d\d$/);
      await desk.press(words().act.release);
      await desk.told(words().done.released);
    });

    it('blocks the time of any doctor on every platform, and opens it again', async () => {
      await at('free', '15:00', 'Gagnon').filter({ hasText: 'RVSQ' }).click();
      await desk.press(words().act.block);
      await desk.told(words().done.blocked);
      await until('it is closed on both', async () =>
        (await Promise.all([statusAt('rvsq', GAGNON, '15:00'), statusAt('vendor', GAGNON, '15:00')])).every(
          (status) => status === 'blocked',
        ),
      );
      await desk.press(desk.words.undo);
      await until('it is open on both', async () =>
        (await Promise.all([statusAt('rvsq', GAGNON, '15:00'), statusAt('vendor', GAGNON, '15:00')])).every(
          (status) => status === 'free',
        ),
      );
    });

    it('adds by the keyboard alone', async () => {
      const { page } = desk;
      await entries('free').first().focus();
      const from = await page.evaluate('document.activeElement.dataset.entry');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowRight');
      expect(await page.evaluate('document.activeElement.dataset.entry'))
        .to.be.a('string')
        .and.not.equal(from);
      await page.keyboard.press('Enter');
      await panel().getByRole('button', { name: words().act.book }).waitFor();
      await page.keyboard.press('n');
      await page.getByLabel(words().time.block, { exact: true }).check();
      await page.getByLabel(words().time.schedule).selectOption(TREMBLAY);
      await desk.fill(words().time.from, '16:00');
      await desk.fill(words().time.to, '15:00');
      await page.keyboard.press('Enter');
      await page.getByText(words().time.wrongOrder).waitFor();
      await desk.fill(words().time.to, '16:30');
      await page.getByLabel(words().time.reason).selectOption('meeting');
      await desk.look('agenda-add');
      await page.getByLabel(words().time.to, { exact: true }).press('Enter');
      await desk.told(words().done.blocked);
      await entries('block').filter({ hasText: words().blockReasons.meeting }).click();
      await desk.press(words().act.unblock);
      await desk.told(words().done.unblocked);
    });

    it('marks time and draws an appointment by the mouse', async () => {
      const { page } = desk;
      const { mouse } = page;
      const column = await page.locator('.grid .ec-body .ec-day').first().boundingBox();
      if (!column) throw new Error('there is no column');
      const x = column.x + column.width / 2;
      // The grid begins at eight o’clock.
      const yOf = (minutes: number): number => column.y + minutes * PIXELS_A_MINUTE;
      await mouse.move(x, yOf(5));
      await mouse.down();
      await mouse.move(x, yOf(20), { steps: 4 });
      await mouse.move(x, yOf(28), { steps: 4 });
      await mouse.up();
      const from = page.getByLabel(words().time.from, { exact: true });
      await from.waitFor();
      expect(await from.inputValue()).to.match(/^08:0[05]$/);
      expect(await page.getByLabel(words().time.to, { exact: true }).inputValue()).to.match(
        /^08:(2[05]|30)$/,
      );
      await page.keyboard.press('Escape');

      const [slot] = await slotsOf('rvsq', TREMBLAY, '14:20');
      await served.rvsq.book(slot?.id ?? '');
      const booked = at('appointment', '14:20', 'Tremblay');
      await booked.waitFor({ timeout: SOON_MILLISECONDS });
      const box = await booked.boundingBox();
      if (!box) throw new Error('it is not shown');
      await mouse.move(box.x + box.width / 2, box.y + 5);
      await mouse.down();
      await mouse.move(box.x + box.width / 2, box.y + 5 + 20 * PIXELS_A_MINUTE, { steps: 4 });
      await mouse.move(box.x + box.width / 2, box.y + 5 + 60 * PIXELS_A_MINUTE, { steps: 8 });
      await mouse.up();
      await desk.confirm(words().move.confirm);
      await desk.told(words().done.moved);
      await until(
        'it is where it was drawn',
        async () => (await statusAt('rvsq', TREMBLAY, '15:20')) === 'busy',
      );
    });

    it('offers a slot of a doctor whose agenda is here, and withdraws it', async () => {
      await desk.page.keyboard.press('n');
      await desk.page.getByLabel(words().time.offer, { exact: true }).check();
      await desk.page.getByLabel(words().time.schedule).selectOption(NGUYEN);
      await desk.fill(words().time.from, '18:00');
      await desk.fill(words().time.to, '18:20');
      await desk.confirm(words().time.go);
      await desk.told(words().done.offered);
      await at('free', '18:00', 'Nguyen').click();
      await desk.press(words().act.withdraw);
      await desk.told(words().done.withdrawn);
      await at('free', '18:00', 'Nguyen').waitFor({ state: 'detached' });
    });

    it('squeezes a patient in over an hour that is taken, for a reason that is audited', async () => {
      const [slot] = await slotsOf('vendor', TREMBLAY, '11:00');
      await served.vendor.book(slot?.id ?? '');
      await at('appointment', '11:00', 'Tremblay').click({ timeout: SOON_MILLISECONDS });
      await desk.press(words().act.bookOver);
      await desk.page.getByLabel(words().book.reason).selectOption('urgent');
      await name('Jean');
      await desk.look('agenda-over');
      await desk.confirm(words().time.go);
      await desk.told(words().done.booked);
      await entries('appointment').filter({ hasText: 'Jean Exemple' }).click();
      expect(await panel().textContent()).to.contain(words().reasons.urgent);
      expect(await entries('conflict').count()).to.equal(0);
      const audit = await (
        await fetch(`${served.url}/api/audit/export`, { headers: await served.headers() })
      ).text();
      expect(audit).to.contain('urgent');
    });

    it('prints a table for each doctor', async () => {
      await desk.page.emulateMedia({ media: 'print' });
      const printed = desk.page.locator('.printed');
      expect(await printed.isVisible()).to.equal(true);
      expect(await printed.getByRole('heading', { includeHidden: true }).count()).to.equal(3);
      expect(await desk.page.locator('.grid').isVisible()).to.equal(false);
    });
  });
}

import { expect } from 'chai';
import type { Browser, Locator, Page } from 'playwright-core';
import { BookingClient } from '../support/booking-client.ts';
import { browserName, expectAccessible, openBrowser } from '../support/browser.ts';
import { ConflictDesk } from '../support/conflict-desk.ts';
import { Console, ENTRY_KEY } from '../support/console.ts';
import { MirroredClinic } from '../support/mirrored-clinic.ts';
import { requireServer, until } from '../support/servers.ts';
import { ACTORS } from '../support/simulated-site.ts';

/** What needs a person, settled in a real browser against a real gateway: two platforms, and one that is kept by hand. */

const [DOCTOR] = ACTORS;

describe('what needs a person, in the console', function () {
  this.timeout(120_000);
  let browser: Browser;
  let clinic: MirroredClinic;
  let desk: ConflictDesk;
  const consoles: Console[] = [];
  let french: Page;
  let english: Page;

  before(
    requireServer('Chromium', browserName !== null, async () => {
      [browser, clinic] = await Promise.all([
        openBrowser(),
        MirroredClinic.open({
          entryKey: ENTRY_KEY,
          byHand: [DOCTOR],
          keepDays: 30,
          // Each lunch hour would be a task.
          prepare: ({ vendor, rvsq }) => {
            for (const { agenda } of [vendor, rvsq])
              for (const { id } of agenda.calendars)
                for (const lunch of [...agenda.busy(id)]) agenda.remove(lunch);
          },
        }),
      ]);
      desk = new ConflictDesk(clinic);
      for (const language of ['fr', 'en'] as const)
        consoles.push(await Console.open(browser, clinic.url, language));
      [french, english] = consoles.map(({ page }) => page) as [Page, Page];
      for (const page of [french, english]) await look(page);
    }),
  );
  after(async () => {
    await browser?.close();
    await clinic?.close();
  });
  afterEach(() => {
    for (const each of consoles) each.expectNoProblems();
  });

  /** Anew, and not when the page does so by itself. */
  async function look(page: Page): Promise<void> {
    await page.goto(`${clinic.url}/todo`);
    await page.locator('.todo h1').waitFor();
  }
  const judge = async (page: Page, name: string): Promise<void> =>
    consoles.find((each) => each.page === page)?.look(`todo-${name}`);
  const group = (page: Page, name: string): Locator =>
    page.locator('.todo section').filter({ has: page.getByRole('heading', { name, level: 2 }) });
  const cards = (page: Page, name: string): Locator => group(page, name).getByRole('article');
  const press = (where: Page | Locator, name: string | RegExp) =>
    where.getByRole('button', { name, exact: typeof name === 'string' }).click();
  const gone = (cardsOf: Locator) => until('the card is gone', async () => (await cardsOf.count()) === 0);
  const count = (page: Page) => page.locator('nav .count').textContent();
  /** The tasks that the bookings of a journey ask for. */
  async function tickAll(): Promise<void> {
    await until('nothing is left to be ticked', async () => {
      const { json } = await clinic.ask<{ tasks: { id: string }[] }>('GET', '/api/tasks');
      for (const { id } of json.tasks) await clinic.ask('POST', `/api/tasks/${id}/done`);
      return json.tasks.length === 0;
    });
  }
  const isBooked = async (id: string): Promise<boolean> =>
    [...(await clinic.vendor.periods()), ...(await clinic.rvsq.periods())].some((each) => each.id === id);

  it('is nothing, and says when it was looked', async () => {
    for (const [page, words] of [
      [french, /Rien à faire.*Regardé à \d\d:\d\d/s],
      [english, /Nothing to do.*Looked at \d\d:\d\d/s],
    ] as const) {
      expect(await page.locator('main').textContent()).to.match(words);
      expect(await page.locator('nav .count').count()).to.equal(0);
    }
    await judge(french, 'nothing');
    await judge(english, 'nothing');
  });

  it('is two patients of one time: who comes is shown, one is kept, and the other is cancelled there', async () => {
    // Booked here while RVSQ answers nobody but its own patients, so it sells the same time before it hears of it.
    const slot = await clinic.vendor.laterSlot(2);
    const [rvsqSlot] = await clinic.rvsq.overlapping(slot);
    if (!rvsqSlot) throw new Error('no slot on the other grid');
    await clinic.rvsq.faults({ errorRate: true });
    const booked = await new BookingClient(clinic).book(slot);
    expect(booked.status).to.equal(201);
    const rvsqBooking = await clinic.rvsq.book(rvsqSlot.id);
    await clinic.rvsq.faults({});

    const card = cards(french, 'Deux patients, une heure');
    await card.waitFor();
    const known = card.locator('.booking', { hasText: /[AB] · Bonjour-santé/ });
    const unknown = card.locator('.booking', { hasText: /[AB] · Rendez-vous/ });
    await known.getByText('Anne Marie Fictif').waitFor();
    expect(await known.getByRole('link').getAttribute('href')).to.match(/^tel:.*555-?01/);
    expect(await unknown.textContent())
      .to.contain('son nom est sur')
      .and.contain('en trop');
    expect(await card.textContent())
      .to.contain(`Dr Essai ${DOCTOR}`)
      .and.contain('les deux se présentent')
      .and.contain('appelez l’un des deux');
    expect(Number.parseInt((await count(french)) ?? '', 10)).to.be.at.least(1);
    await judge(french, 'conflict');
    await judge(english, 'conflict');

    await press(known, /^Garder [AB], annuler [AB]$/);
    const dialog = french.getByRole('dialog');
    expect(await dialog.textContent())
      .to.match(/Anne Marie Fictif garde son heure/)
      .and.match(/Le patient de Rendez-vous santé Québec perd la sienne/)
      .and.contain('Appelez d’abord');
    await judge(french, 'settle');
    await press(dialog, 'Ne rien changer');
    expect((await desk.list()).length).to.equal(1);
    await press(known, /^Garder/);
    await press(dialog, /^Garder/);
    await gone(card);
    expect(await french.locator('.notices').textContent()).to.contain('Réglé');
    await until('RVSQ has cancelled it', async () => !(await isBooked(rvsqBooking)));
    expect((await new BookingClient(clinic).read(booked.json.id ?? '')).status).to.equal('booked');
    await gone(cards(english, 'Two patients, one time'));
    await tickAll();
  });

  it('is two patients of one time, of whom one is moved to the nearest slot of its platform', async () => {
    const { rvsqBooking, vendorBooking, rvsqSlot, conflict } = await desk.collide(8);
    const card = cards(english, 'Two patients, one time');
    await card.waitFor();
    const booking = card.locator('.booking', { hasText: /[AB] · Québec Medical/ });
    const nearest = booking.getByRole('list').first().getByRole('button').first();
    await nearest.waitFor();
    const time = (await nearest.textContent()) ?? '';
    expect(time).to.match(/\d\d:\d\d–\d\d:\d\d$/);
    await nearest.click();
    const dialog = english.getByRole('dialog');
    expect(await dialog.textContent())
      .to.contain(`${time}, on `)
      .and.contain('keeps their time')
      .and.contain('nobody else tells the patient');
    await judge(english, 'move');
    await press(dialog, /^Move [AB]$/);
    await gone(card);
    expect((await desk.find(conflict.id)).resolution?.resolution).to.equal('move');
    const moved = (await clinic.rvsq.periods()).find(({ id }) => id === rvsqBooking);
    expect(moved?.start).to.not.equal(rvsqSlot.start);
    expect(await isBooked(vendorBooking)).to.equal(true);
    await tickAll();
  });

  it('says it where somebody else was faster', async () => {
    const { conflict } = await desk.collide(14);
    const card = cards(french, 'Deux patients, une heure');
    await card.waitFor();
    await press(card, 'Garder les deux');
    expect(await french.getByRole('dialog').textContent()).to.contain('Rien n’est annulé');
    await desk.resolve(conflict.id, { resolution: 'keep-a' });
    await press(french.getByRole('dialog'), 'Garder les deux');
    expect(await french.getByRole('alert').textContent()).to.contain('il a été réglé par');
    await expectAccessible(french);
    await french.keyboard.press('Escape');
    await gone(card);
    await tickAll();
  });

  it('is a task, ticked by one key and taken back by another', async () => {
    const slot = await clinic.rvsq.laterSlot(30);
    await clinic.rvsq.book(slot.id);
    const open = async () => (await clinic.ask<{ tasks: object[] }>('GET', '/api/tasks')).json.tasks.length;
    await until('somebody is asked', async () => (await open()) === 1);
    await look(french);
    const card = cards(french, 'Tâches');
    await card.waitFor();
    expect(await card.textContent())
      .to.match(/Fermer .* — Dr Tremblay, Accueil/)
      .and.contain('un second patient peut l’y prendre')
      .and.contain('puis cochez')
      .and.match(/à faire dans/);
    await french.keyboard.press('j');
    expect(await french.locator('li[aria-current]').count()).to.equal(1);
    await judge(french, 'task');
    await french.keyboard.press('x');
    await gone(card);
    expect(await open()).to.equal(0);
    expect(await french.locator('main').textContent()).to.contain('Rien à faire');
    await french.keyboard.press('Control+z');
    await card.waitFor();
    expect(await open()).to.equal(1);
    await look(english);
    await judge(english, 'task');
    await press(cards(english, 'Tasks'), 'A patient has this time already');
    expect(await english.getByRole('dialog').textContent()).to.contain('noted as booked on Front desk');
    await expectAccessible(english);
    await english.keyboard.press('Escape');
    await english.keyboard.press('x');
    await gone(cards(english, 'Tasks'));
  });

  it('goes from one thing to the next by keys, and stays in its place when one is done', async () => {
    for (const index of [32, 34, 36]) await clinic.rvsq.book((await clinic.rvsq.laterSlot(index)).id);
    const open = async () => (await clinic.ask<{ tasks: object[] }>('GET', '/api/tasks')).json.tasks.length;
    await until('three are asked for', async () => (await open()) === 3);
    await look(french);
    const card = cards(french, 'Tâches');
    await until('they are shown', async () => (await card.count()) === 3);
    const currentTitle = () => french.locator('li[aria-current] h3').textContent();
    const titles = await card.locator('h3').allTextContents();
    expect(await count(french)).to.contain('3');
    await french.keyboard.press('ArrowDown');
    await french.keyboard.press('j');
    expect(await currentTitle()).to.equal(titles[1]);
    await french.keyboard.press('k');
    expect(await currentTitle()).to.equal(titles[0]);
    await french.keyboard.press('j');
    await french.keyboard.press('x');
    await until('it is gone', async () => (await card.count()) === 2);
    expect(await currentTitle()).to.equal(titles[2]);
    expect(await french.evaluate('document.activeElement.matches("li[aria-current]")')).to.equal(true);
    await tickAll();
  });

  it('takes a list that was pasted, and says of each line what is wrong with it', async () => {
    await look(french);
    await press(french, 'Coller une liste');
    const dialog = french.getByRole('dialog');
    await press(dialog, 'Prendre la liste');
    expect(await dialog.textContent()).to.contain('Collez d’abord quelque chose');
    const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    const rows = ['date;début;fin;statut', `${day};09:00;09:20;libre`, `${day};pas une heure;09:40;libre`];
    await dialog.getByLabel('Ce qui a été copié').fill(rows.join('\n'));
    await dialog.getByLabel(/^Tout ce qui est/).check();
    await press(dialog, 'Prendre la liste');
    expect(await dialog.getByRole('alert').textContent()).to.contain('ligne 3');
    await judge(french, 'list');
    await press(dialog, 'Prendre les lignes qui se lisent');
    await dialog.waitFor({ state: 'detached' });
    expect(await french.locator('.notices').textContent())
      .to.contain('Liste prise : une ligne.')
      .and.contain('Une ligne n’a pas été prise.');
  });

  it('is what could not be read: which records, and what is in them only when that is asked for', async () => {
    const { agenda } = clinic.simulators.rvsq;
    const [calendar] = agenda.calendars;
    const [unread, unmapped] = calendar ? agenda.slots(calendar.id).slice(-2) : [];
    if (!unread || !unmapped) throw new Error('no slots');
    agenda.change(unread, { offer: { ...unread.offer, visitType: 7 as never } });
    agenda.change(unmapped, { offer: { ...unmapped.offer, consultingReasons: [{ uid: 'telepathie' }] } });
    const raws: string[] = [];
    french.on('request', (request) => request.url().includes('/rejected') && raws.push(request.url()));
    await desk.read('rvsq');
    await look(french);
    expect(await cards(french, 'Enregistrements mis de côté').textContent()).to.contain(
      'son heure n’est peut-être pas fermée ailleurs',
    );
    expect(await cards(french, 'Codes inconnus').textContent())
      .to.contain('telepathie')
      .and.contain('consultingReasons')
      .and.contain('mappings/rvsq/');
    await judge(french, 'unread');
    await look(english);
    await judge(english, 'unread');
    await press(cards(french, 'Enregistrements mis de côté'), 'Voir lesquels');
    const dialog = french.getByRole('dialog');
    await dialog.getByText(unread.id).waitFor();
    expect(await dialog.textContent())
      .to.contain('visitType')
      .and.contain('code inconnu telepathie');
    expect(await dialog.locator('pre').count()).to.equal(0);
    expect(raws.every((url) => !url.includes('raw'))).to.equal(true);
    await press(dialog, 'Montrer ce qu’ils contiennent');
    await dialog.locator('pre').first().waitFor();
    expect(await dialog.textContent()).to.contain('"visitType": 7');
    await judge(french, 'records');
    await french.keyboard.press('Escape');
    const { json } = await clinic.ask<{ entry?: object[] }>('GET', '/fhir/AuditEvent?_count=50');
    expect(JSON.stringify(json)).to.contain('rejected.opened');
    agenda.change(unread, { offer: unread.offer });
    agenda.change(unmapped, { offer: unmapped.offer });
    await desk.read('rvsq');
  });

  it('is access that is refused, told in plain words', async () => {
    await clinic.rvsq.faults({ unauthorized: true });
    const failing = async (): Promise<boolean> =>
      JSON.stringify((await clinic.ask('GET', '/api/status')).json).includes('unauthorized');
    await until('it is refused', failing);
    for (const [page, name, words] of [
      [french, 'Accès refusés', 'refuse notre accès'],
      [english, 'Refused access', 'refuses our access'],
    ] as const) {
      await look(page);
      expect(await cards(page, name).textContent()).to.contain(words);
      await judge(page, 'credentials');
    }
    await clinic.rvsq.faults({});
  });

  it('is an agenda that was lost at once, until somebody confirms it', async () => {
    const { agenda } = clinic.simulators.vendor;
    const [calendar] = agenda.calendars;
    if (!calendar) throw new Error('no calendar');
    // A thousand webhooks would say the same one by one.
    await clinic.vendor.faults({ webhooks: { lose: true } });
    for (const slot of [...agenda.slots(calendar.id)].slice(0, -12)) agenda.remove(slot);
    await desk.read('bonjour-sante');
    await clinic.vendor.faults({});
    await look(english);
    await cards(english, 'Doubtful agendas').first().waitFor();
    await judge(english, 'suspect');
    await look(french);
    const card = cards(french, 'Agendas douteux');
    expect(await card.textContent())
      .to.contain('Rien n’a été annulé ni rouvert')
      .and.match(/\d+ plages sur \d+ manquent/);
    await judge(french, 'suspect');
    await card.locator('h3').click();
    await press(card, /vraiment retiré/);
    const dialog = french.getByRole('dialog');
    expect(await dialog.textContent()).to.contain('Cela ne se défait pas');
    await expectAccessible(french);
    await press(dialog, 'Oui, c’est retiré');
    await gone(card);
    const { json } = await clinic.ask<{ connections: { id: string; suspects: object[] }[] }>(
      'GET',
      '/api/status',
    );
    expect(json.connections.find(({ id }) => id === 'bonjour-sante')?.suspects).to.deep.equal([]);
  });
});

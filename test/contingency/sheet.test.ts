import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { table } from '../../src/cli/table.ts';
import { toCsv } from '../../src/contingency/csv.ts';
import { freeTime } from '../../src/contingency/free-time.ts';
import { makeSheet, type SheetInputs } from '../../src/contingency/make-sheet.ts';
import { toPdf } from '../../src/contingency/pdf.ts';
import { visitsIn, withoutPatients } from '../../src/contingency/sheet.ts';
import { toText } from '../../src/contingency/text.ts';
import { Directory } from '../../src/domain/directory.ts';
import { HOUR, type Instant, MINUTE, parseInstant, plus } from '../../src/domain/instant.ts';
import { UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import type { FreeRow, TakenRow } from '../../src/engine/ports/contingency.ts';
import { CONNECTION, clinicEntries } from '../support/clinic-configuration.ts';
import { uuid } from '../support/fake-ports.ts';
import { fictiveSheet, freeAt, visit } from '../support/fictive-sheet.ts';

/** The contingency sheet: what is on it, and how it is written. */

const NOW = parseInstant('2026-11-24T09:00:00-05:00');
const title = (name: string) => ({ fr: name, en: name });
const { schedules, ...clinic } = clinicEntries();
const [SCHEDULE] = schedules;
if (!SCHEDULE) throw new Error('the made-up clinic has a schedule');
const DIRECTORY = new Directory({
  ...clinic,
  schedules: [SCHEDULE],
  connections: ['east', 'west'].map((id) => ({
    ...CONNECTION,
    ...{ id, platform: id, title: title(id), pollMilliseconds: MINUTE },
  })),
  calendars: ['east', 'west'].map((id) => ({
    ...{ connectionId: id, externalId: `cal-${id}`, scheduleId: SCHEDULE.id, topology: 'block' as const },
  })),
});

const between = (start: Instant, minutes: number) => ({ start, end: plus(start, minutes * MINUTE) });

const taken = (index: number, start: Instant, more: Partial<TakenRow> = {}): TakenRow => ({
  ...{ id: uuid(index), scheduleId: SCHEDULE.id, kind: 'appointment', interval: between(start, 20) },
  ...{ expiresAt: null, connectionId: 'east', status: null, comment: null, externalId: `E-${index}` },
  ...{ isAwaited: false, inConflict: false, attributes: null },
  ...{ patientId: null, sealedPatient: null, sealedBooking: null },
  ...more,
});

const free = (index: number, start: Instant, minutes = 20, more: Partial<FreeRow> = {}): FreeRow => ({
  ...{ slotId: uuid(index), connectionId: 'east', calendar: 'cal-east', scheduleId: SCHEDULE.id },
  ...{ interval: between(start, minutes), withheld: false },
  ...more,
});

const WHO = {
  ...{ family: 'Fictive', given: 'Rose', phone: '514 555-0123', email: 'rose@example.org' },
  ...{ nam: 'FICR80541219', birthDate: '1980-04-12' },
};

const made = (more: Partial<SheetInputs>) =>
  makeSheet({
    ...{ directory: DIRECTORY, taken: [], free: [], now: NOW, open: () => WHO, bookableFrom: () => null },
    freshness: () => ({ confirmedAt: NOW, stale: false }),
    ...more,
  });

const days = (more: Partial<SheetInputs>) => made(more).locations[0]?.schedules[0]?.days ?? [];

describe('a contingency sheet', () => {
  it('has what stands today and tomorrow by the clock of the place, in order', () => {
    const [today, tomorrow] = days({
      taken: [
        taken(3, parseInstant('2026-11-25T23:40:00-05:00')),
        taken(2, parseInstant('2026-11-24T23:40:00-05:00')),
        taken(1, parseInstant('2026-11-24T08:00:00-05:00')),
      ],
    });
    const ids = (day: typeof today) => day?.entries.map((entry) => entry.kind === 'visit' && entry.id);
    expect([today?.date, tomorrow?.date]).to.deep.equal(['2026-11-24', '2026-11-25']);
    expect(ids(today), 'also what is over: who came is asked for at the desk').to.deep.equal([
      uuid(1),
      uuid(2),
    ]);
    expect(ids(tomorrow)).to.deep.equal([uuid(3)]);
  });

  it('has two days of 24 and 25 hours when the clocks go back', () => {
    // 1 November 2026, 02:00 EDT is 01:00 EST: that Sunday ends at 05:00Z of the next day.
    const now = parseInstant('2026-10-31T12:00:00-04:00');
    const [saturday, sunday] = days({
      now,
      taken: [
        taken(1, parseInstant('2026-10-31T23:40:00-04:00')),
        taken(2, parseInstant('2026-11-01T01:30:00-04:00')),
        taken(3, parseInstant('2026-11-01T01:30:00-05:00')),
        taken(4, parseInstant('2026-11-01T23:40:00-05:00')),
      ],
    });
    expect([saturday?.date, saturday?.entries.length]).to.deep.equal(['2026-10-31', 1]);
    expect([sunday?.date, sunday?.entries.length]).to.deep.equal(['2026-11-01', 3]);
    expect(made({ now }).until).to.equal(parseInstant('2026-11-02T05:00:00Z'));
  });

  it('says of each who comes, where from, and what is not settled', () => {
    const at = plus(NOW, HOUR);
    const sealed = new Uint8Array([1]);
    const [today] = days({
      taken: [
        taken(1, at, { patientId: uuid(9), sealedPatient: sealed, comment: 'une note' }),
        taken(2, plus(at, HOUR), {
          status: 'pending',
          isAwaited: true,
          externalId: null,
          sealedBooking: sealed,
        }),
        taken(3, plus(at, 2 * HOUR), {
          inConflict: true,
          attributes: { ...UNKNOWN_ATTRIBUTES, reasons: ['urgent'] },
        }),
        taken(4, plus(at, 3 * HOUR), { kind: 'hold', expiresAt: plus(NOW, 5 * MINUTE) }),
        taken(5, plus(at, 4 * HOUR), { kind: 'hold', expiresAt: NOW }),
        taken(6, plus(at, 5 * HOUR), { connectionId: null, externalId: null }),
      ],
    });
    const [kept, waiting, sold, held, here, ...rest] = today?.entries ?? [];
    const patient = { family: 'Fictive', given: 'Rose', phone: '514 555-0123', nam: 'FICR80541219' };
    expect(kept).to.deep.include({ state: 'booked', confirmation: 'E-1', comment: 'une note' });
    expect(kept).to.have.deep.property('patient', { ...patient, id: uuid(9) });
    expect(kept, 'no more than the desk needs').not.to.have.nested.property('patient.birthDate');
    expect(waiting).to.deep.include({ state: 'pending', confirmation: null });
    expect(waiting).to.have.deep.property('patient', { ...patient, id: null });
    expect(sold).to.deep.include({ inConflict: true, patient: null, reasons: ['urgent'] });
    expect(held).to.deep.include({ state: 'held', heldUntil: plus(NOW, 5 * MINUTE) });
    expect(here).to.deep.include({ platform: null });
    expect(rest, 'a hold that is over is no more').to.deep.equal([]);
  });

  it('goes on without a patient who cannot be opened', () => {
    const [today] = days({
      taken: [taken(1, plus(NOW, HOUR), { patientId: uuid(9), sealedPatient: new Uint8Array([1]) })],
      open: () => null,
    });
    expect(today?.entries[0]).to.have.property('patient', null);
  });

  it('shows how fresh each platform is, and what is free of one that is not', () => {
    const sheet = made({
      free: [free(1, plus(NOW, HOUR))],
      freshness: (connectionId) => ({ confirmedAt: plus(NOW, -HOUR), stale: connectionId === 'east' }),
    });
    expect(sheet.sources.map(({ connectionId, stale }) => [connectionId, stale])).to.deep.equal([
      ['east', true],
      ['west', false],
    ]);
    expect(sheet.locations[0]?.schedules[0]?.days[0]?.entries[0]).to.deep.include({
      kind: 'free',
      stale: true,
    });
  });

  it('has no free time that has begun', () => {
    const [today] = days({ free: [free(1, plus(NOW, -MINUTE)), free(2, NOW)] });
    expect(today?.entries.map(({ interval }) => interval.start)).to.deep.equal([NOW]);
  });

  it('shows nobody to who may not know who comes, nor what was written of them', () => {
    const bare = withoutPatients(fictiveSheet());
    expect(JSON.stringify(bare)).not.to.match(/"family"|Rose|FICR|555-0123|555-0177|Toux/);
    expect(visitsIn(bare).length).to.equal(visitsIn(fictiveSheet()).length);
  });
});

describe('free time for a pen', () => {
  const at = (minutes: number, length: number, more = {}) => ({
    ...{ interval: between(plus(NOW, minutes * MINUTE), length), platform: title('a') },
    ...{ stale: false, bookableFrom: null },
    ...more,
  });
  const times = (found: ReturnType<typeof freeTime>) =>
    found.map(({ interval }) => (interval.start - NOW) / MINUTE);

  it('does not overlap, whatever the grids of the platforms', () => {
    const quarter = [0, 15, 30, 45].map((minutes) => at(minutes, 15));
    const third = [0, 20, 40].map((minutes) => at(minutes, 20, { platform: title('b') }));
    const found = freeTime([...third, ...quarter], 1, []);
    expect(times(found)).to.deep.equal([0, 15, 30, 45]);
  });

  it('is one where two platforms show the same, and says both', () => {
    const [only, ...rest] = freeTime(
      [at(0, 20, { stale: true }), at(0, 20, { platform: title('b') })],
      1,
      [],
    );
    expect(rest).to.deep.equal([]);
    expect(only?.platforms.map(({ fr }) => fr)).to.deep.equal(['a', 'b']);
    expect(only?.stale, 'the one that is fresh says how it is').to.equal(false);
  });

  it('prefers what is on offer now to what is only later', () => {
    const found = freeTime([at(0, 30, { bookableFrom: plus(NOW, HOUR) }), at(10, 20)], 1, []);
    expect(times(found)).to.deep.equal([10]);
  });

  it('has as many places as there are lanes that nobody has', () => {
    const [only] = freeTime([at(0, 20)], 3, [between(NOW, 20)]);
    expect(only?.places).to.equal(2);
  });
});

describe('a contingency sheet, written', () => {
  it('is CSV that a spreadsheet takes for text, in either language', () => {
    const risky = fictiveSheet([
      visit(60, { comment: '=HYPERLINK("http://evil.example")', confirmation: '@SUM(A1)' }),
      visit(80, { comment: 'a;b,c "d"\nligne' }),
      freeAt(100),
    ]);
    const french = toCsv(risky, 'fr', false);
    expect(french.startsWith('\uFEFF'), 'Excel knows UTF-8 by it').to.equal(true);
    const rows = parse(french, { delimiter: ';', bom: true }) as string[][];
    expect(rows).to.have.length(4);
    expect(rows[0]?.slice(0, 3)).to.deep.equal(['Date', 'Heure', 'Fin']);
    expect(rows[1]?.slice(10, 12)).to.deep.equal(["'@SUM(A1)", '\'=HYPERLINK("http://evil.example")']);
    expect(rows[2]?.[11]).to.equal('a;b,c "d"\nligne');
    for (const cell of rows.flat()) expect(cell).not.to.match(/^[=+\-@\t\r]/);
    const english = parse(toCsv(risky, 'en', true), { bom: true, relaxColumnCount: true }) as string[][];
    expect(english[0]?.[0]).to.match(/^The database does not answer/);
    expect(english[1]?.slice(0, 3)).to.deep.equal(['Date', 'Time', 'End']);
  });

  it('is a tagged PDF of as many pages as it says, with names in any letters', async function () {
    this.timeout(60_000);
    const long = Array.from({ length: 40 }, (_, index) => visit(60 + 20 * index));
    const exotic = visit(40, {
      patient: { id: null, family: 'Fictif', given: 'Nguyễn ᐃᓄᒃ', phone: null, nam: null },
    });
    const bytes = await toPdf(fictiveSheet([exotic, ...long]), {
      language: 'fr',
      paper: 'a4',
      isStale: true,
    });
    const pdf = await getDocument({ data: new Uint8Array(bytes), verbosity: 0 }).promise;
    expect(pdf.numPages).to.be.greaterThan(2);
    expect(await pdf.getMarkInfo()).to.deep.include({ Marked: true });
    const { info } = await pdf.getMetadata();
    expect(info).to.deep.include({
      Language: 'fr-CA',
      Title: 'Feuille de relève – Clinique fictive du Parc',
    });
    for (let number = 1; number <= pdf.numPages; number += 1) {
      const page = await pdf.getPage(number);
      const { items } = await page.getTextContent();
      const text = items.map((item) => ('str' in item ? item.str : '')).join(' ');
      expect(text).to.include(`page ${number} sur ${pdf.numPages}`);
      expect(text, 'each page says so').to.include('PÉRIMÉE').and.to.include('2026-11-24 08:00');
      if (number === 1) {
        expect(text).to.include('La base de données ne répond pas').and.to.include('Nguyễn ᐃᓄᒃ');
        expect(JSON.stringify(await page.getStructTree()))
          .to.include('"Table"')
          .and.to.include('"TH"');
      }
      if (number === 2)
        expect(text, 'the names of the columns').to.include('Qui vient').and.to.include('(suite)');
    }
    await pdf.destroy();
  });

  it('is a table in a terminal, without what would steer it', () => {
    const text = toText(fictiveSheet([visit(60, { comment: 'a\u001b[2Jb' })]), 'fr', table);
    expect(text).to.include('09:00–09:20').and.to.include('Fictive, Rose').and.to.include('FICR80541219');
    expect(text).not.to.include('\u001b');
  });

  it('tells who is only known to the platform from who is not shown', () => {
    const sheet = fictiveSheet([visit(60, { patient: null })]);
    expect(toCsv(sheet, 'en', false)).to.include('known to the platform only');
    expect(toCsv(withoutPatients(sheet), 'en', false)).to.include('not shown');
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { type SlotFile, slotFiles, statesOf } from '../../src/authority/slot-files.ts';
import { Directory } from '../../src/domain/directory.ts';
import { DAY, type Instant, instant, parseInstant, plus } from '../../src/domain/instant.ts';
import { ENTRIES } from '../support/fake-ports.ts';

const WEEK = 7 * DAY;
/** A Monday. */
const MONDAY = parseInstant('2026-11-23T00:00:00Z');
const NOW = parseInstant('2026-11-25T13:00:00Z');

function clinic(schedules: number, horizonDays: number): Directory {
  const [schedule] = ENTRIES.schedules;
  const [connection] = ENTRIES.connections;
  if (!schedule || !connection) throw new Error('the made-up clinic has both');
  return new Directory({
    ...ENTRIES,
    schedules: Array.from({ length: schedules }, (_, index) => ({ ...schedule, id: `s${index}` })),
    connections: [{ ...connection, horizonMilliseconds: horizonDays * DAY }],
    calendars: [],
  });
}

const names = (files: readonly SlotFile[]): string[] => files.map((file) => file.name);

describe('scheduling links: the files of slots', () => {
  it('are of so many schedules by a week, from this one to the last that is read', () => {
    const files = slotFiles(clinic(3, 10), 2);
    expect(names(files.list(NOW, true))).to.deep.equal([
      'Slot-1-2026-11-23.ndjson',
      'Slot-1-2026-11-30.ndjson',
      'Slot-2-2026-11-23.ndjson',
      'Slot-2-2026-11-30.ndjson',
    ]);
    const [first, , third] = files.list(NOW, true);
    expect(first).to.include({ fromMs: MONDAY, beforeMs: MONDAY + WEEK });
    expect(first?.group.schedules.map(({ id }) => id)).to.deep.equal(['s0', 's1']);
    expect(third?.group.schedules.map(({ id }) => id)).to.deep.equal(['s2']);
  });

  it('of all that is ahead are one for the same schedules', () => {
    const files = slotFiles(clinic(3, 10), 2).list(NOW, false);
    expect(names(files)).to.deep.equal(['Slot-1.ndjson', 'Slot-2.ndjson']);
    expect(files[0]).to.include({ fromMs: NOW, beforeMs: MONDAY + 2 * WEEK });
  });

  it('have each schedule and each instant ahead in exactly one', () => {
    const anyNow = fc.integer({ min: 0, max: 4e12 }).map((at): Instant => instant(at));
    fc.assert(
      fc.property(
        anyNow,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 0, max: 99 * DAY }),
        (now, size, horizonDays, ahead) => {
          const at = now + (ahead % (horizonDays * DAY));
          const files = slotFiles(clinic(7, horizonDays), size).list(now, true);
          const having = files.filter(({ fromMs, beforeMs }) => fromMs <= at && at < beforeMs);
          expect(having.flatMap(({ group }) => group.schedules.map(({ id }) => id)).sort()).to.deep.equal([
            's0',
            's1',
            's2',
            's3',
            's4',
            's5',
            's6',
          ]);
        },
      ),
    );
  });

  it('are found by the names under which they are listed', () => {
    const files = slotFiles(clinic(5, 30), 2);
    for (const weekly of [true, false]) {
      for (const file of files.list(NOW, weekly)) expect(files.find(file.name, NOW)).to.deep.equal(file);
    }
  });

  it('of the week that is just over are still there', () => {
    const files = slotFiles(clinic(1, 10));
    const [first] = files.list(NOW, true);
    expect(files.find('Slot-1-2026-11-23.ndjson', plus(NOW, WEEK))).to.deep.equal(first);
    expect(files.find('Slot-1-2026-11-23.ndjson', plus(NOW, 2 * WEEK))).to.equal(null);
  });

  for (const name of [
    'Slot.ndjson',
    'Slot-0.ndjson',
    'Slot-01.ndjson',
    'Slot-2.ndjson',
    'Slot-9999999.ndjson',
    'Slot-1-2026-11-24.ndjson',
    'Slot-1-2026-12-07.ndjson',
    'Slot-1-2026-02-30.ndjson',
    'Slot-1-9999-99-99.ndjson',
    'Slot-1-2026-11-23.ndjson.gz',
    'slot-1.ndjson',
    'x/Slot-1.ndjson',
    '',
  ]) {
    it(`are none of the name ${JSON.stringify(name)}`, () => {
      expect(slotFiles(clinic(1, 10)).find(name, NOW)).to.equal(null);
    });
  }

  it('are none where there is no schedule, nor beyond this week where nothing is read', () => {
    expect(slotFiles(clinic(0, 10)).list(NOW, true)).to.deep.equal([]);
    const idle = new Directory({ ...clinic(1, 10).entries, connections: [] });
    expect(names(slotFiles(idle).list(NOW, true))).to.deep.equal(['Slot-1-2026-11-23.ndjson']);
  });
});

describe('scheduling links: where the schedules of a file are', () => {
  const [location] = ENTRIES.locations;
  const [schedule] = ENTRIES.schedules;
  if (!location?.address || !schedule) throw new Error('the made-up clinic has both');
  const address = location.address;
  const places = [
    { ...location, id: 'verdun' },
    { ...location, id: 'gatineau', address: { ...address, postalCode: 'J8X 1A1' } },
    { ...location, id: 'ottawa', address: { ...address, postalCode: 'K1A 0A1' } },
    { ...location, id: 'nowhere', address: null },
  ];
  const directory = new Directory({ ...ENTRIES, locations: places });
  const states = (...ids: readonly string[]): string[] =>
    statesOf(
      directory,
      ids.map((locationId) => ({ ...schedule, locationId })),
    );

  it('is told by the provinces of their places, each once', () => {
    expect(states('verdun', 'gatineau')).to.deep.equal(['QC']);
    expect(states('ottawa', 'gatineau', 'nowhere')).to.deep.equal(['ON', 'QC']);
    expect(states('nowhere')).to.deep.equal([]);
  });
});

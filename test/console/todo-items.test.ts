import { expect } from 'chai';
import { touchedBy } from '../../console/src/todo/choice.ts';
import { countOf, itemsOf, nextOf, sectionsOf, stepFrom } from '../../console/src/todo/items.ts';
import type { Connection, Waiting } from '../../console/src/todo/model.ts';
import { isMovable } from '../../console/src/todo/movable.ts';
import { unmappedCodeIn } from '../../console/src/todo/unmapped.ts';

/** What the page «À faire» shows, and in which order. */

const NOW = Date.parse('2026-11-24T12:45:00Z');
const at = (minutes: number): string => new Date(NOW + minutes * 60_000).toISOString();
const since = '2026-11-24T08:00:00Z';
const MISSING = { known: 0, missing: 0 };

const connection = (id: string, more: Partial<Connection> = {}): Connection => ({
  id,
  platform: id,
  title: { fr: id, en: id },
  ready: true,
  reasons: [],
  ...{ state: 'working', since: null, error: null, timeZone: null, editedHere: false, listed: false },
  freshnessMilliseconds: 60_000,
  ...more,
});

const task = (id: string, dueMinutes: number): Waiting['tasks'][number] => ({
  id,
  state: 'open',
  text: { fr: 'Fermer', en: 'Close' },
  connection: 'accueil',
  calendar: 'tremblay',
  schedule: 'tremblay',
  timeZone: 'America/Toronto',
  operation: 'block',
  start: at(120),
  end: at(140),
  askedAt: at(-60),
  dueAt: at(dueMinutes),
  endedAt: null,
  endedBy: null,
  lateSeconds: 0,
  escalated: 0,
  escalatedAt: null,
});

const conflict = (id: string, startMinutes: number): Waiting['conflicts'][number] => {
  const booking = {
    appointment: id,
    connection: 'rvsq',
    schedule: 'tremblay',
    location: 'Ici',
    start: at(startMinutes),
    end: at(startMinutes + 20),
    holdsLock: false,
  };
  return {
    ...{ id, state: 'open', detectedAt: since, actor: 'tremblay', practitioner: 'Dre Tremblay' },
    ...{ schedule: 'tremblay', timeZone: 'America/Toronto', start: booking.start, end: booking.end },
    ...{ bookings: { a: booking, b: booking }, resolution: null, endedAt: null, endedHow: null },
  };
};

const waiting = (more: Partial<Omit<Waiting, 'status'>>, connections: Connection[] = []): Waiting => ({
  conflicts: [],
  tasks: [],
  complete: true,
  ...more,
  status: { at: at(0), organizations: [], ready: true, connections },
});

const shown = (all: Waiting) =>
  sectionsOf(all, NOW).map(({ group, items }) => [group, items.map(({ key }) => key)]);

describe('what waits for a person', () => {
  it('is nothing where all is well', () => {
    const well = connection('rvsq', { failures: 0, rejected: 0, unmapped: [], suspects: [], unreadable: [] });
    expect(shown(waiting({}, [well, connection('never-read')]))).to.deep.equal([]);
    expect(countOf(waiting({}, [well]), NOW)).to.equal(0);
  });

  it('has conflicts first, the soonest before, then what is late, and ends with codes', () => {
    const all = waiting(
      { conflicts: [conflict('2', 90), conflict('1', 30)], tasks: [task('on', 5), task('late', -5)] },
      [
        connection('rvsq', {
          failures: 2,
          lastError: 'unauthorized: HTTP 401',
          rejected: 7,
          unmapped: [{ reason: 'unmapped code X in motif', records: 3 }],
          suspects: [{ feedId: '*', since, slots: { known: 40, missing: 39 }, busy: MISSING }],
          unreadable: [{ feedId: 'a', since, records: 9, unread: 8 }],
        }),
      ],
    );
    expect(shown(all)).to.deep.equal([
      ['conflicts', ['conflict 1', 'conflict 2']],
      ['late', ['task late']],
      ['credentials', ['credentials rvsq']],
      ['suspects', ['suspect rvsq *', 'unreadable rvsq a']],
      ['tasks', ['task on']],
      ['setAside', ['set-aside rvsq']],
      ['unmapped', ['rvsq unmapped code X in motif']],
    ]);
    expect(countOf(all, NOW)).to.equal(9);
  });

  it('counts what could not be read at all apart from what has a code that is not known', () => {
    const codes = [{ reason: 'unmapped code X in motif', records: 7 }];
    const records = (rejected: number) =>
      itemsOf(sectionsOf(waiting({}, [connection('rvsq', { rejected, unmapped: codes })]), NOW)).flatMap(
        (item) => ('records' in item ? [[item.kind, item.records]] : []),
      );
    expect(records(7)).to.deep.equal([['unmapped', 7]]);
    expect(records(9)).to.deep.equal([
      ['setAside', 2],
      ['unmapped', 7],
    ]);
  });

  it('is a fault that somebody has to mend, and no platform that is only down', () => {
    const kinds = (more: Partial<Connection>) =>
      itemsOf(sectionsOf(waiting({}, [connection('rvsq', more)]), NOW)).map((item) =>
        item.kind === 'credentials' ? item.isForbidden : item.kind,
      );
    expect(kinds({ failures: 1, lastError: 'unauthorized: HTTP 401' })).to.deep.equal([false]);
    expect(kinds({ failures: 1, lastError: 'forbidden: 10.0.0.1' })).to.deep.equal([true]);
    expect(kinds({ failures: 9, lastError: 'unavailable: HTTP 503' })).to.deep.equal([]);
    expect(kinds({ failures: 0, lastError: null })).to.deep.equal([]);
  });
});

describe('a place in the list', () => {
  const keys = ['a', 'b', 'c'];

  it('goes to the next and back, and no further than the ends', () => {
    expect(stepFrom(keys, null, 1)).to.equal('a');
    expect(stepFrom(keys, 'a', 1)).to.equal('b');
    expect(stepFrom(keys, 'c', 1)).to.equal('c');
    expect(stepFrom(keys, 'a', -1)).to.equal('a');
    expect(stepFrom([], null, 1)).to.equal(null);
  });

  it('is kept by what came to it when its item is gone', () => {
    expect(nextOf(keys, 'b', ['a', 'b', 'c', 'd'])).to.equal('b');
    expect(nextOf(keys, 'b', ['a', 'c'])).to.equal('c');
    expect(nextOf(keys, 'c', ['a', 'b'])).to.equal('b');
    expect(nextOf(keys, 'a', [])).to.equal(null);
  });
});

describe('a code that no table leads from', () => {
  it('is told with where it stands', () => {
    expect(unmappedCodeIn('unmapped code TELEPATHY in visitType')).to.deep.equal({
      code: 'TELEPATHY',
      field: 'visitType',
    });
    expect(unmappedCodeIn('unmapped code (not a code) in consultingReasons')).to.deep.equal({
      code: null,
      field: 'consultingReasons',
    });
    expect(unmappedCodeIn('start: Invalid ISO datetime')).to.equal(null);
  });
});

describe('who has to be called before', () => {
  it('is whose booking is not as they believe it to be afterwards', () => {
    const proposal = {
      ...{ slot: 's', connection: 'rvsq', schedule: 'tremblay', start: at(60), end: at(80) },
      distanceMinutes: 60,
    };
    expect(touchedBy({ resolution: 'keep-a' })).to.equal('b');
    expect(touchedBy({ resolution: 'keep-b' })).to.equal('a');
    expect(touchedBy({ resolution: 'keep-both' })).to.equal(null);
    expect(touchedBy({ resolution: 'move', side: 'a', proposal })).to.equal('a');
  });
});

describe('where a booking can be moved by us', () => {
  const to = { connection: 'rvsq', schedule: 'tremblay' };
  it('is its own agenda on its own platform, and anywhere for what no platform has yet', () => {
    expect(isMovable({ connection: 'rvsq', schedule: 'tremblay' }, to)).to.equal(true);
    expect(isMovable({ connection: 'bonjour-sante', schedule: 'tremblay' }, to)).to.equal(false);
    expect(isMovable({ connection: 'rvsq', schedule: 'ailleurs' }, to)).to.equal(false);
    expect(isMovable({ connection: null, schedule: 'ailleurs' }, to)).to.equal(true);
  });
});

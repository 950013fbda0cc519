import { expect } from 'chai';
import { DAY, HOUR, type Instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { isOffered, ON_OFFER } from '../../src/domain/offering.ts';
import type { Unsupplied } from '../../src/domain/supply.ts';
import type { ShiftWrite } from '../../src/engine/ports/rosters.ts';
import type { Transaction } from '../../src/engine/ports/store.ts';
import { createStore } from '../../src/store/store.ts';
import { at, directory, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';

const shift = (n: number, from: number, to: number, more: Partial<ShiftWrite> = {}): ShiftWrite => ({
  id: uuid(n),
  connectionId: 'east',
  calendar: 'r-doctor',
  externalId: `shift-${n}`,
  scheduleId: 'doctor-here',
  interval: span(from, to),
  task: 'walk-in',
  place: 'Ici',
  period: span(-60, 600),
  publishedAt: at(-120),
  revision: '1',
  ...more,
});

const closed = (from: number, to: number, closes = true): Unsupplied => ({
  interval: span(from, to),
  cause: 'withdrawn',
  closes,
  since: at(-60),
});

const CALENDAR = { connectionId: 'east', externalId: 'r-doctor' };

describe('shifts and the time that they had', () => {
  onEachDatabase((open) => {
    const inside = <T>(work: (transaction: Transaction) => Promise<T>): Promise<T> =>
      createStore(open()).transaction(work);

    beforeEach(async () => {
      await createStore(open()).applyDirectory(directory.entries, []);
      await open().script('delete from shift; delete from unsupplied');
    });

    it('are kept as they are written, and changed in place', async () => {
      await inside((transaction) => transaction.writeShifts([shift(1, 0, 60), shift(2, 60, 120)], at(0)));
      const changed = shift(1, 10, 50, {
        task: null,
        place: null,
        period: null,
        publishedAt: null,
        revision: null,
      });
      await inside((transaction) => transaction.writeShifts([changed], at(5)));
      const [found, byId, seen] = await inside(async (transaction) => [
        await transaction.shiftsOn([CALENDAR], span(0, 600)),
        await transaction.shiftsByIds([uuid(1), uuid(9)]),
        await transaction.shiftsShown('east', ['r-doctor'], span(0, 600), at(0)),
      ]);
      expect(found).to.deep.equal([changed, shift(2, 60, 120)]);
      expect(byId).to.deep.equal([changed]);
      expect(seen.map(({ id, knownAt }) => [id, knownAt])).to.have.deep.members([
        [uuid(1), at(5)],
        [uuid(2), at(0)],
      ]);
      await inside((transaction) => transaction.removeShifts([uuid(1)]));
      expect(await inside((transaction) => transaction.shiftsOn([CALENDAR], span(0, 600)))).to.have.length(1);
    });

    it('are looked for where they begin in the window and are not over', async () => {
      const all = [shift(1, -120, -10), shift(2, -60, 60), shift(3, 30, 90), shift(4, 600, 660)];
      await inside((transaction) => transaction.writeShifts(all, at(0)));
      const shown = (from: number, to: number, now: Instant) =>
        inside(async (transaction) =>
          (await transaction.shiftsShown('east', ['r-doctor'], span(from, to), now)).map(
            ({ externalId }) => externalId,
          ),
        );
      expect(await shown(-180, 600, at(0))).to.have.members(['shift-2', 'shift-3']);
      expect(await shown(0, 601, at(0))).to.have.members(['shift-3', 'shift-4']);
    });

    it('are published from their first to their last, or as long as their periods are', async () => {
      const published = () => inside((transaction) => transaction.publishedOn([CALENDAR]));
      expect(await published()).to.equal(null);
      await inside((transaction) => transaction.writeShifts([shift(1, 0, 60), shift(2, 500, 900)], at(0)));
      expect(await published()).to.deep.equal(span(-60, 900));
    });

    it('close time, and no more than is written last', async () => {
      const write = (unsupplied: Unsupplied[]) =>
        inside((transaction) => transaction.writeUnsupplied('doctor-here', unsupplied));
      const limited = () => inside((transaction) => transaction.limitedOfferings(['doctor']));
      await write([closed(0, 60), closed(120, 180, false)]);
      expect(await limited()).to.deep.equal([
        { scheduleId: 'doctor-here', ...ON_OFFER, closed: [span(0, 60)] },
      ]);
      await write([closed(0, 30), { ...closed(60, 90), cause: 'outside' }]);
      const stored = await inside((transaction) =>
        transaction.unsuppliedTime(['doctor-here', 'walk-in-here']),
      );
      expect(stored.map(({ interval, cause }) => [interval, cause])).to.deep.equal([
        [span(0, 30), 'withdrawn'],
        [span(60, 90), 'outside'],
      ]);
      expect(await createStore(open()).schedulesUnsupplied()).to.deep.equal(['doctor-here']);
      // The rule of the domain, in SQL.
      const closedNow = [span(0, 30), span(60, 90)];
      for (let from = -20; from < 100; from += 10) {
        const slot = span(from, from + 20);
        const [row] = await open().query<{ yes: boolean }>('select is_offered($1, $2, $3) as yes', [
          'doctor-here',
          slot.start,
          slot.end,
        ]);
        expect(row?.yes, `${from}`).to.equal(isOffered(ON_OFFER, slot, closedNow));
      }
      await write([]);
      expect(await limited()).to.deep.equal([]);
    });

    it('are forgotten some at a time, once they are over for long', async () => {
      await inside(async (transaction) => {
        await transaction.writeShifts([shift(1, 0, 60), shift(2, 10, 60), shift(3, 600, 660)], at(0));
        await transaction.writeUnsupplied('doctor-here', [closed(0, 60)]);
      });
      const store = createStore(open());
      const limit = plus(at(60), MINUTE);
      expect(await store.forgetShifts(at(0), 10)).to.equal(0);
      expect(await store.forgetShifts(limit, 1)).to.equal(2);
      expect(await store.forgetShifts(limit, 1)).to.equal(1);
      expect(await store.forgetShifts(limit, 1)).to.equal(0);
      expect(await store.forgetShifts(plus(limit, DAY + HOUR), 10)).to.equal(1);
    });
  });
});

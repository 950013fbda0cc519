import { expect } from 'chai';
import { HOUR, type Instant, instant, MINUTE, plus, SECOND } from '../../src/domain/instant.ts';
import { commonClock } from '../../src/system/common-clock.ts';
import { manualClock } from '../adapter/manual-clock.ts';

const START = instant(Date.UTC(2026, 10, 24, 14));

describe('the common clock', () => {
  /** A machine whose clock is off, and a database whose answer takes time, most of it on the way back. */
  function machine(aheadMilliseconds: number, { there = 0, back = 0 } = {}) {
    const own = manualClock(plus(START, aheadMilliseconds));
    const database = { ahead: -aheadMilliseconds, there, back, fault: null as Error | null };
    const now = (): Instant => plus(own.now(), database.ahead);
    const common = commonClock(own, async () => {
      if (database.there > 0) await own.advance(database.there);
      if (database.fault) throw database.fault;
      const at = now();
      if (database.back > 0) await own.advance(database.back);
      return at;
    });
    return { own, database, common, now };
  }

  for (const aheadMilliseconds of [-15 * MINUTE, 0, 15 * MINUTE]) {
    it(`is the database's on a machine whose clock is ${aheadMilliseconds} ms ahead`, async () => {
      const { common, own, now } = machine(aheadMilliseconds);
      await common.set();
      expect(common.clock.now()).to.equal(now());
      await own.advance(HOUR);
      expect(common.clock.now()).to.equal(plus(START, HOUR));
    });
  }

  it('is off by no more than the answer took', async () => {
    const { common, now } = machine(MINUTE, { there: 10, back: 200 });
    await common.set();
    expect(Math.abs(common.clock.now() - now())).to.be.at.most(210);
  });

  it('is not moved by an answer that was slow, and so never goes back where the clocks agree', async () => {
    const { common, database, now } = machine(0);
    await common.set();
    for (const [there, back] of [
      [0, 900],
      [900, 0],
      [300, 300],
    ] as const) {
      Object.assign(database, { there, back });
      await common.set();
      expect(common.clock.now()).to.equal(now());
    }
  });

  it('goes on as before while the database does not answer, and follows it again', async () => {
    const { common, database, own, now } = machine(5 * MINUTE);
    const over = new AbortController();
    const following = common.follow(over.signal);
    await own.advance(SECOND);
    expect(common.clock.now()).to.equal(now());
    database.fault = new Error('away');
    await own.advance(MINUTE);
    expect(common.clock.now()).to.equal(now());
    // The machine is set meanwhile.
    database.ahead += HOUR;
    database.fault = null;
    await own.advance(SECOND);
    expect(common.clock.now()).to.equal(now());
    over.abort();
    await following;
  });
});

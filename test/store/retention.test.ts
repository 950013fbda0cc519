import { expect } from 'chai';
import { DAY, HOUR, type Instant, instant } from '../../src/domain/instant.ts';
import { forgetPast, forgetPatients, KEPT_MILLISECONDS } from '../../src/store/retention.ts';
import { manualClock } from '../adapter/manual-clock.ts';

const START = instant(Date.UTC(2026, 10, 24, 14));

describe('the retention of versions', () => {
  /** A store that has so many of each batch to forget. */
  function begin(batches: (number | Error)[]) {
    const clock = manualClock(START);
    const asked: Instant[] = [];
    const errors: unknown[] = [];
    const over = new AbortController();
    const store = {
      forgetShifts: async () => 0,
      async forgetVersions(before: Instant) {
        asked.push(before);
        const next = batches.shift() ?? 0;
        if (next instanceof Error) throw next;
        return next;
      },
    };
    const done = forgetPast(store, clock, {
      signal: over.signal,
      onError: (error) => errors.push(error),
    });
    return { clock, asked, errors, over, done };
  }

  it('erases what is older than 35 days, batch by batch, and looks again each hour', async () => {
    const { clock, asked, over, done } = begin([7, 7, 3]);
    await clock.advance(0);
    const limit = instant(START - 35 * DAY);
    expect(KEPT_MILLISECONDS).to.equal(35 * DAY);
    expect(asked).to.deep.equal([limit, limit, limit, limit]);
    await clock.advance(HOUR - 1);
    expect(asked).to.have.length(4);
    await clock.advance(1);
    expect(asked.slice(4)).to.deep.equal([limit + HOUR]);
    over.abort(new Error('over'));
    await done;
  });

  it('goes on after a database that did not answer', async () => {
    const fault = new Error('no database');
    const { clock, asked, errors, over, done } = begin([fault]);
    await clock.advance(0);
    expect(errors).to.deep.equal([fault]);
    await clock.advance(HOUR);
    expect(asked).to.have.length(2);
    over.abort(new Error('over'));
    await done;
  });

  it('ends between two batches', async () => {
    const { clock, asked, over, done } = begin(Array(100).fill(1));
    over.abort(new Error('over'));
    await clock.advance(0);
    await done;
    expect(asked.length).to.be.below(3);
  });
});

describe('the retention of patients', () => {
  /** Who is asked to forget, at the start and an hour later. */
  async function askedToForget(keepDays: number): Promise<(Instant | null)[]> {
    const clock = manualClock(START);
    const asked: (Instant | null)[] = [];
    const over = new AbortController();
    const forget = async (before: Instant | null) => {
      asked.push(before);
      return 0;
    };
    const upkeep = {
      signal: over.signal,
      onError: (error: unknown) => {
        throw error;
      },
    };
    const done = forgetPatients({ forgetPatients: forget }, keepDays, clock, upkeep);
    await clock.advance(0);
    await clock.advance(HOUR);
    over.abort(new Error('over'));
    await done;
    return asked;
  }

  it('is as long as the clinic says, and looks again each hour', async () => {
    const limit = instant(START - 30 * DAY);
    expect(await askedToForget(30)).to.deep.equal([limit, limit + HOUR]);
  });

  it('erases all of them where none are to be kept any more', async () => {
    expect(await askedToForget(0)).to.deep.equal([null, null]);
  });
});

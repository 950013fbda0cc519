import { expect } from 'chai';
import { DAY, HOUR, type Instant, instant } from '../../src/domain/instant.ts';
import { forgetVersions, KEPT_MILLISECONDS } from '../../src/store/retention.ts';
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
      async forgetVersions(before: Instant) {
        asked.push(before);
        const next = batches.shift() ?? 0;
        if (next instanceof Error) throw next;
        return next;
      },
    };
    const done = forgetVersions(store, clock, {
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

import { expect } from 'chai';
import { createBell } from '../../src/subscriptions/bell.ts';
import { createManualClock } from '../queue/manual-clock.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the bell', () => {
  const never = new AbortController().signal;

  const waiting = (wait: Promise<void>) => {
    const state = { isOver: false };
    void wait.then(() => {
      state.isOver = true;
    });
    return state;
  };

  it('wakes who waits, and whoever waits after it only if it was rung meanwhile', async () => {
    const clock = createManualClock();
    const bell = createBell(clock);
    const first = waiting(bell.wait(bell.rings(), 1_000, never));
    const heard = bell.rings();
    bell.ring();
    await turn();
    expect(first.isOver).to.equal(true);
    const missed = waiting(bell.wait(heard, 1_000, never));
    const next = waiting(bell.wait(bell.rings(), 1_000, never));
    await turn();
    expect([missed.isOver, next.isOver]).to.deep.equal([true, false]);
    clock.advance(1_000);
    await turn();
    expect(next.isOver).to.equal(true);
  });

  it('is rung once for many who ask for it at the same time', async () => {
    const clock = createManualClock();
    const bell = createBell(clock);
    for (let n = 0; n < 1_000; n += 1) bell.ringSoon();
    expect(bell.rings()).to.equal(0);
    clock.advance(50);
    await turn();
    expect(bell.rings()).to.equal(1);
    bell.ringSoon();
    clock.advance(50);
    await turn();
    expect(bell.rings()).to.equal(2);
  });

  it('lets nobody wait who is told to stop', async () => {
    const stop = new AbortController();
    const bell = createBell(createManualClock());
    const wait = bell.wait(bell.rings(), 1_000, stop.signal);
    stop.abort();
    await wait;
    await bell.wait(bell.rings(), 1_000, stop.signal);
  });
});

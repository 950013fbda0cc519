import { expect } from 'chai';
import type { Limits } from '../../src/adapter/contract.ts';
import { createPace } from '../../src/adapter/pace.ts';
import { instant } from '../../src/domain/instant.ts';
import { manualClock } from './manual-clock.ts';

const START = instant(Date.parse('2026-11-24T14:00:00Z'));
const limits = (requests: number, concurrency: number): Limits => ({
  requests,
  windowMilliseconds: 1000,
  concurrency,
  timeoutMilliseconds: 1,
  stalenessMilliseconds: 0,
});

describe('pace', () => {
  it('lets no window of any position hold more calls than allowed', async () => {
    const clock = manualClock(START);
    const pace = createPace(limits(3, 100), clock);
    const times: number[] = [];
    for (let call = 0; call < 10; call += 1) {
      void pace(async () => {
        times.push(clock.now() - START);
      });
      await clock.advance(110);
    }
    await clock.advance(10_000);
    expect(times).to.have.length(10);
    for (const from of times) {
      const within = times.filter((time) => time >= from && time < from + 1000);
      expect(within.length, `from ${from}`).to.be.at.most(3);
    }
  });

  it('counts a call from its end, for when it arrived on its way nobody knows', async () => {
    const clock = manualClock(START);
    const pace = createPace(limits(2, 100), clock);
    const times: number[] = [];
    const call = (milliseconds: number) =>
      void pace(async () => {
        times.push(clock.now() - START);
        await clock.sleep(milliseconds);
      });
    call(700);
    call(0);
    call(0);
    await clock.advance(999);
    expect(times).to.deep.equal([0, 0]);
    // The second has left the window; the first is in it until 1700.
    await clock.advance(1);
    expect(times).to.deep.equal([0, 0, 1000]);
    call(0);
    await clock.advance(699);
    expect(times).to.have.length(3);
    await clock.advance(1);
    expect(times).to.deep.equal([0, 0, 1000, 1700]);
  });

  it('waits for the turns of all processes besides its own, and tells them when a call has ended', async () => {
    const clock = manualClock(START);
    const told: string[] = [];
    const pace = createPace(limits(10, 10), clock, async (signal) => {
      await clock.sleep(300, signal);
      told.push('turn');
      return () => told.push('end');
    });
    const call = pace(async () => {
      told.push('call');
      throw new Error('failed');
    }).catch(() => undefined);
    await clock.advance(299);
    expect(told).to.deep.equal([]);
    await clock.advance(1);
    await call;
    expect(told).to.deep.equal(['turn', 'call', 'end']);
  });

  it('runs no more at once than allowed, in the order they came, and goes on after a failure', async () => {
    const clock = manualClock(START);
    const pace = createPace(limits(1000, 2), clock);
    const order: number[] = [];
    let running = 0;
    let most = 0;
    const calls = [0, 1, 2, 3, 4].map((number) =>
      pace(async () => {
        order.push(number);
        running += 1;
        most = Math.max(most, running);
        await clock.sleep(50);
        running -= 1;
        if (number === 1) throw new Error('one');
        return number;
      }),
    );
    const settled = Promise.allSettled(calls);
    await clock.advance(500);
    expect((await settled).map(({ status }) => status)).to.deep.equal([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
    expect(order).to.deep.equal([0, 1, 2, 3, 4]);
    expect(most).to.equal(2);
  });

  it('gives up the wait when it is aborted, and lets the next one through', async () => {
    const clock = manualClock(START);
    const pace = createPace(limits(1, 1), clock);
    await pace(async () => undefined);
    const abort = new AbortController();
    let called = false;
    const waiting = pace(async () => {
      called = true;
    }, abort.signal);
    const next = pace(async () => 'next');
    await clock.advance(10);
    abort.abort(new Error('stopped'));
    const reason = await waiting.then(
      () => null,
      (error: Error) => error.message,
    );
    expect(reason).to.equal('stopped');
    await clock.advance(1000);
    expect(await next).to.equal('next');
    expect(called).to.equal(false);
  });
});

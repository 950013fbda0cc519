import { expect } from 'chai';
import { createInProcessQueue } from '../../src/queue/in-process.ts';
import { createManualClock } from './manual-clock.ts';
import { DELIVER, type Harness, latch, OBSERVE, queueSuite, record } from './suite.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function create(): Promise<Harness> {
  const clock = createManualClock();
  return {
    queue: createInProcessQueue(clock),
    now: clock.now,
    until: async (condition) => {
      const end = clock.now() + 10_000;
      while (!condition()) {
        expect(clock.now(), 'the condition did not hold in time').to.be.below(end);
        await turn();
        if (condition()) return;
        clock.advance(10);
      }
    },
  };
}

describe('queue in process', () => {
  describe('as every queue', () => queueSuite(create));

  it('waits on the injected clock only', async () => {
    const clock = createManualClock();
    const queue = createInProcessQueue(clock);
    const recorder = record(clock.now);
    await queue.start(recorder.handler);
    queue.wake(DELIVER, 86_400_000);
    clock.advance(86_399_999);
    await turn();
    expect(recorder.count(DELIVER)).to.equal(0);
    clock.advance(1);
    await turn();
    expect(recorder.count(DELIVER)).to.equal(1);
    await queue.stop();
  });

  it('does not run work within the call that wakes it', async () => {
    const clock = createManualClock();
    const queue = createInProcessQueue(clock);
    const recorder = record(clock.now);
    await queue.start(recorder.handler);
    queue.wake(DELIVER);
    expect(recorder.begun).to.deep.equal([]);
    await turn();
    expect(recorder.count(DELIVER)).to.equal(1);
    await queue.stop();
  });

  it('leaves no sleep behind: not of a later time, not when it stops', async () => {
    const clock = createManualClock();
    const queue = createInProcessQueue(clock);
    await queue.start(async () => undefined);
    queue.wake(DELIVER, 5_000);
    queue.wake(DELIVER, 1_000);
    queue.wake(OBSERVE, 1_000);
    expect(clock.sleepers()).to.equal(2);
    await queue.stop();
    expect(clock.sleepers()).to.equal(0);
  });

  it('drops what is asked for while it stops', async () => {
    const clock = createManualClock();
    const queue = createInProcessQueue(clock);
    const running = latch();
    const recorder = record(clock.now, () => running.opened);
    await queue.start(recorder.handler);
    queue.wake(DELIVER);
    await turn();
    queue.wake(DELIVER);
    const stopping = queue.stop();
    running.open();
    await stopping;
    await turn();
    expect(recorder.count(DELIVER)).to.equal(1);
  });
});

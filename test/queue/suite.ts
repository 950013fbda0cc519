import { expect } from 'chai';
import { type Queue, type Work, workKey } from '../../src/engine/ports/queue.ts';

/** What every queue must do, whatever it stands on. */

export type Harness = {
  readonly queue: Queue;
  /** The queue's own time, ms. */
  readonly now: () => number;
  /** Lets time go by until the condition holds; fails when it does not within 10 s of the queue's time. */
  readonly until: (condition: () => boolean) => Promise<void>;
};

export const CONNECTION = 'vendor';
export const DELIVER: Work = { kind: 'deliver', connectionId: CONNECTION };
export const OBSERVE: Work = { kind: 'observe', connectionId: CONNECTION, feedId: 'agenda:lock' };
/** Beside the work under test, to see that the queue goes on. */
const BESIDE: Work = { kind: 'observe', connectionId: CONNECTION, feedId: 'beside' };

export type Recorder = {
  readonly handler: (work: Work) => Promise<void>;
  readonly begun: { readonly key: string; readonly at: number }[];
  readonly count: (work: Work) => number;
  /** Keys that ran twice at once. */
  readonly overlaps: string[];
};

/** Records what runs; each piece of work ends when `gate` says so. */
export function record(now: () => number, gate: (work: Work) => Promise<void> | void = () => {}): Recorder {
  const running = new Set<string>();
  const begun: { key: string; at: number }[] = [];
  const overlaps: string[] = [];
  return {
    begun,
    overlaps,
    count: (work) => begun.filter(({ key }) => key === workKey(work)).length,
    handler: async (work) => {
      const key = workKey(work);
      if (running.has(key)) overlaps.push(key);
      running.add(key);
      begun.push({ key, at: now() });
      await gate(work);
      running.delete(key);
    },
  };
}

/** A promise that is resolved from outside. */
export function latch(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

export function queueSuite(create: () => Promise<Harness>): void {
  let harness: Harness;
  const now = () => harness.now();

  beforeEach(async () => {
    harness = await create();
  });
  afterEach(async () => {
    await harness.queue.stop();
  });

  /** All that was asked for until now has run once this has: it is asked for last and for later. */
  const settle = async (recorder: Recorder): Promise<void> => {
    const before = recorder.count(BESIDE);
    harness.queue.wake(BESIDE, 250);
    await harness.until(() => recorder.count(BESIDE) > before);
  };

  it('runs work that was woken many times once', async () => {
    const recorder = record(now);
    for (let i = 0; i < 20; i += 1) harness.queue.wake(DELIVER);
    harness.queue.wake(OBSERVE);
    await harness.queue.start(recorder.handler);
    await settle(recorder);
    expect(recorder.count(DELIVER)).to.equal(1);
    expect(recorder.count(OBSERVE)).to.equal(1);
  });

  it('takes the same work again after it has run', async () => {
    const recorder = record(now);
    await harness.queue.start(recorder.handler);
    for (let run = 1; run <= 3; run += 1) {
      harness.queue.wake(DELIVER);
      await harness.until(() => recorder.count(DELIVER) === run);
      await settle(recorder);
    }
    expect(recorder.count(DELIVER)).to.equal(3);
  });

  it('does not begin before the delay is over', async () => {
    const recorder = record(now);
    await harness.queue.start(recorder.handler);
    const woken = now();
    harness.queue.wake(DELIVER, 400);
    await harness.until(() => recorder.count(DELIVER) === 1);
    expect((recorder.begun[0]?.at ?? 0) - woken).to.be.at.least(399);
  });

  it('lets the earlier of two times win, whichever comes first', async () => {
    const recorder = record(now);
    await harness.queue.start(recorder.handler);
    const woken = now();
    harness.queue.wake(DELIVER, 3_600_000);
    harness.queue.wake(OBSERVE, 300);
    await settle(recorder);
    harness.queue.wake(DELIVER, 300);
    harness.queue.wake(OBSERVE, 3_600_000);
    await harness.until(() => recorder.count(DELIVER) === 1 && recorder.count(OBSERVE) === 1);
    await settle(recorder);
    expect(recorder.count(DELIVER)).to.equal(1);
    expect(recorder.count(OBSERVE)).to.equal(1);
    expect(now() - woken).to.be.below(60_000);
  });

  it('brings delayed work forward to now', async () => {
    const recorder = record(now);
    await harness.queue.start(recorder.handler);
    harness.queue.wake(OBSERVE, 3_600_000);
    await settle(recorder);
    expect(recorder.count(OBSERVE)).to.equal(0);
    harness.queue.wake(OBSERVE);
    await harness.until(() => recorder.count(OBSERVE) === 1);
    await settle(recorder);
    expect(recorder.count(OBSERVE)).to.equal(1);
  });

  it('runs once more, afterwards, what is woken while it runs', async () => {
    const first = latch();
    const recorder = record(now, (work) => (work.kind === 'deliver' ? first.opened : undefined));
    await harness.queue.start(recorder.handler);
    harness.queue.wake(DELIVER);
    await harness.until(() => recorder.count(DELIVER) === 1);
    for (let i = 0; i < 5; i += 1) harness.queue.wake(DELIVER);
    await settle(recorder);
    expect(recorder.count(DELIVER)).to.equal(1);
    first.open();
    await harness.until(() => recorder.count(DELIVER) === 2);
    await settle(recorder);
    expect(recorder.count(DELIVER)).to.equal(2);
    expect(recorder.overlaps).to.deep.equal([]);
  });

  it('lets a handler ask for its own work again, for later', async () => {
    let left = 2;
    const recorder = record(now, (work) => {
      if (work.kind !== 'observe' || left === 0) return;
      left -= 1;
      harness.queue.wake(work, 300);
      harness.queue.wake(work, 3_600_000);
    });
    await harness.queue.start(recorder.handler);
    harness.queue.wake(OBSERVE);
    await harness.until(() => recorder.count(OBSERVE) === 3);
    const [first, second, third] = recorder.begun.map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).to.be.at.least(299);
    expect((third ?? 0) - (second ?? 0)).to.be.at.least(299);
  });

  it('runs different work side by side', async () => {
    const both = latch();
    const recorder = record(now, () => both.opened);
    await harness.queue.start(recorder.handler);
    harness.queue.wake(DELIVER);
    harness.queue.wake(OBSERVE);
    await harness.until(() => recorder.begun.length === 2);
    both.open();
  });

  it('stops once what is running has ended, and takes no more', async () => {
    const running = latch();
    const recorder = record(now, () => running.opened);
    await harness.queue.start(recorder.handler);
    harness.queue.wake(DELIVER);
    await harness.until(() => recorder.count(DELIVER) === 1);
    let stopped = false;
    const stopping = harness.queue.stop().then(() => {
      stopped = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(stopped).to.equal(false);
    running.open();
    await stopping;
    harness.queue.wake(DELIVER);
    await new Promise((resolve) => setImmediate(resolve));
    expect(recorder.count(DELIVER)).to.equal(1);
  });

  it('never runs one key twice at once, however it is woken', async () => {
    const recorder = record(now, async () => {
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    });
    await harness.queue.start(recorder.handler);
    for (let i = 0; i < 200; i += 1) {
      harness.queue.wake(i % 3 === 0 ? OBSERVE : DELIVER, i % 5 === 0 ? 20 : 0);
      if (i % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await settle(recorder);
    expect(recorder.overlaps).to.deep.equal([]);
    expect(recorder.count(DELIVER)).to.be.at.least(1);
  });
}

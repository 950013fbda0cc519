import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import type { Queue, Work } from '../../src/engine/ports/queue.ts';
import { type BullQueueOptions, createBullQueue } from '../../src/queue/bull.ts';
import { childOf } from '../support/program.ts';
import { requireServer } from '../support/servers.ts';
import { tcpProxy } from '../support/tcp-proxy.ts';
import { clientIds, keysOf, killClients, REDIS_URL, redisAnswers, removeKeys } from './redis.ts';
import { CONNECTION, DELIVER, type Harness, latch, OBSERVE, queueSuite, record } from './suite.ts';

const DEADLINE_MILLISECONDS = 10_000;
const TIMING = { lockMilliseconds: 600, stalledMilliseconds: 200 };

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + DEADLINE_MILLISECONDS;
  while (!condition()) {
    if (Date.now() > end) expect.fail('the condition did not hold in time');
    await wait(5);
  }
}

const present = await redisAnswers();

describe('queue on Bull and Redis', () => {
  let prefix: string;
  let problems: string[];
  let open: Queue[];

  before(requireServer('Redis', present));
  beforeEach(() => {
    prefix = `passerelle-test-${randomUUID()}`;
    problems = [];
    open = [];
  });
  afterEach(async () => {
    await Promise.all(open.map((queue) => queue.stop()));
    await removeKeys(prefix);
  });

  const queue = (options: Partial<BullQueueOptions> = {}): Queue => {
    const made = createBullQueue({
      redisUrl: REDIS_URL,
      prefix,
      connectionIds: [CONNECTION],
      role: 'both',
      log: (message) => problems.push(message),
      ...options,
    });
    const stop = async () => {
      if (!open.includes(stoppable)) return;
      open = open.filter((each) => each !== stoppable);
      await made.stop();
    };
    const stoppable = { ...made, stop };
    open.push(stoppable);
    return stoppable;
  };

  const harness = async (): Promise<Harness> => ({ queue: queue(), now: Date.now, until });

  describe('as every queue', () => queueSuite(harness));

  it('leaves nothing in Redis of work that has run', async () => {
    const recorder = record(Date.now);
    const only = queue();
    await only.start(recorder.handler);
    only.wake(DELIVER);
    only.wake(OBSERVE);
    await until(() => recorder.begun.length === 2);
    await only.stop();
    const left = await keysOf(prefix);
    expect(left.filter((key) => /deliver|observe|completed|failed|active$|wait$/.test(key))).to.deep.equal(
      [],
    );
  });

  it('keeps one key from running twice at once on two workers', async () => {
    const gate = latch();
    const recorder = record(Date.now, () => gate.opened);
    const [one, two] = [queue(), queue()];
    await one.start(recorder.handler);
    await two.start(recorder.handler);
    one.wake(DELIVER);
    await until(() => recorder.count(DELIVER) === 1);
    two.wake(DELIVER);
    one.wake(DELIVER);
    two.wake(OBSERVE);
    await until(() => recorder.count(OBSERVE) === 1);
    expect(recorder.count(DELIVER)).to.equal(1);
    gate.open();
    await until(() => recorder.count(DELIVER) === 2);
    expect(recorder.overlaps).to.deep.equal([]);
  });

  it('shares the work between two workers, and one goes on when the other is closed', async () => {
    const connectionIds = Array.from({ length: 4 }, (_, index) => `c${index}`);
    const works = connectionIds.map((connectionId): Work => ({ kind: 'deliver', connectionId }));
    const gate = latch();
    const [left, right] = [record(Date.now, () => gate.opened), record(Date.now)];
    const [one, two] = [queue({ connectionIds }), queue({ connectionIds })];
    await one.start(left.handler);
    for (const work of works) two.wake(work);
    await until(() => left.begun.length === works.length);
    await two.start(right.handler);
    for (const work of works) one.wake(work);
    const closing = one.stop();
    gate.open();
    await closing;
    await until(() => right.begun.length === works.length);
    for (const work of works) expect(right.count(work)).to.equal(1);
    expect(left.begun.length).to.equal(works.length);
  });

  it('lets another worker take over from one that was killed', async () => {
    const { lockMilliseconds, stalledMilliseconds } = TIMING;
    const killed = childOf('test/queue/killed-worker.ts');
    const child = fork(
      killed.file,
      [REDIS_URL, prefix, CONNECTION, String(lockMilliseconds), String(stalledMilliseconds)],
      { execArgv: [...killed.execArgv] },
    );
    const producer = queue({ role: 'producer' });
    producer.wake(DELIVER);
    await once(child, 'message');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const recorder = record(Date.now);
    await queue({ timing: TIMING }).start(recorder.handler);
    await until(() => recorder.count(DELIVER) === 1);
  });

  it('only wakes when it is a producer', async () => {
    const producer = queue({ role: 'producer' });
    const recorder = record(Date.now);
    const other = record(Date.now);
    await producer.start(recorder.handler);
    producer.wake(DELIVER);
    await queue({ role: 'worker' }).start(other.handler);
    await until(() => other.count(DELIVER) === 1);
    expect(recorder.begun).to.deep.equal([]);
  });

  it('goes on when its connections are killed', async () => {
    const running = latch();
    const recorder = record(Date.now, (work) => (work.kind === 'observe' ? running.opened : undefined));
    const only = queue({ timing: TIMING });
    await only.start(recorder.handler);
    only.wake(DELIVER);
    only.wake(OBSERVE);
    await until(() => recorder.begun.length === 2);
    expect(await killClients(prefix)).to.be.at.least(3);
    only.wake(DELIVER);
    await until(() => recorder.count(DELIVER) >= 2);
    only.wake(OBSERVE);
    running.open();
    await until(() => recorder.count(OBSERVE) >= 2);
    expect(recorder.overlaps).to.deep.equal([]);
  });

  it('keeps wakes, one a key, while Redis is out of reach, and says so once', async () => {
    const proxy = await tcpProxy(REDIS_URL);
    const recorder = record(Date.now);
    const only = queue({ redisUrl: proxy.url });
    await only.start(recorder.handler);
    only.wake(OBSERVE);
    await until(() => recorder.count(OBSERVE) === 1);
    await proxy.cut();
    for (let i = 0; i < 50; i += 1) only.wake(DELIVER);
    await until(() => problems.some((problem) => problem.startsWith('Redis cannot be reached')));
    await wait(300);
    expect(recorder.count(DELIVER)).to.equal(0);
    await proxy.restore();
    await until(() => recorder.count(DELIVER) >= 1);
    expect(problems.filter((problem) => problem.startsWith('Redis cannot'))).to.have.length(1);
    expect(problems).to.include('Redis is reached again');
    await only.stop();
    // Of fifty wakes one was on its way when the connection was cut, and may have arrived; the rest are one.
    expect(recorder.count(DELIVER)).to.be.at.most(2);
    await proxy.cut();
  });

  it('goes on by new connections when Redis is gone without a word', async () => {
    const silent = { ...TIMING, lockMilliseconds: 3_000, silenceMilliseconds: 300, popMilliseconds: 800 };
    const proxy = await tcpProxy(REDIS_URL);
    const running = latch();
    const recorder = record(Date.now, (work) => (work.kind === 'observe' ? running.opened : undefined));
    const only = queue({ redisUrl: proxy.url, timing: silent });
    await only.start(recorder.handler);
    only.wake(OBSERVE);
    await until(() => recorder.count(OBSERVE) === 1);
    const began = Date.now();
    proxy.freeze();
    proxy.thaw();
    // What another process adds is found by the blocking pop and by nothing else.
    queue({ role: 'producer' }).wake(DELIVER);
    await until(() => recorder.count(DELIVER) === 1);
    // The server pops no more for the old one, which had sent it sixteen pops.
    expect(Date.now() - began).to.be.below(12 * silent.popMilliseconds);
    only.wake(OBSERVE);
    running.open();
    await until(() => recorder.count(OBSERVE) === 2);
    expect(recorder.overlaps).to.deep.equal([]);
    await only.stop();
    await proxy.cut();
  });

  it('leaves its connections alone while Redis only has nothing to say', async () => {
    const recorder = record(Date.now);
    const only = queue({ timing: { ...TIMING, silenceMilliseconds: 1_500, popMilliseconds: 500 } });
    await only.start(recorder.handler);
    only.wake(DELIVER);
    await until(() => recorder.count(DELIVER) === 1);
    const before = await clientIds(prefix);
    // Longer than any of them may be silent.
    await wait(4_000);
    expect(await clientIds(prefix)).to.deep.equal(before);
    expect(problems).to.deep.equal([]);
  });

  it('starts, wakes and stops while Redis is out of reach', async () => {
    const proxy = await tcpProxy(REDIS_URL);
    await proxy.cut();
    const recorder = record(Date.now);
    const only = queue({ redisUrl: proxy.url });
    await only.start(recorder.handler);
    only.wake(DELIVER);
    await until(() => problems.length > 0);
    await only.stop();
    expect(recorder.begun).to.deep.equal([]);
  });

  it('stops while Redis is out of reach and work is running', async () => {
    const proxy = await tcpProxy(REDIS_URL);
    const running = latch();
    const recorder = record(Date.now, () => running.opened);
    const only = queue({ redisUrl: proxy.url });
    await only.start(recorder.handler);
    only.wake(DELIVER);
    await until(() => recorder.count(DELIVER) === 1);
    await proxy.cut();
    const stopping = only.stop();
    running.open();
    await stopping;
  });

  it('logs work of a connection that it does not know, and drops it', async () => {
    queue().wake({ kind: 'deliver', connectionId: 'nobody' });
    expect(problems).to.deep.equal(['no queue for deliver:nobody: it is of no configured connection']);
  });

  it('forgets a job whose data is there and which is in no list', async () => {
    const recorder = record(Date.now);
    const only = queue();
    const client = new Redis(REDIS_URL);
    await client.hset(`${prefix}:connection-${CONNECTION}:deliver%3A${CONNECTION}`, 'name', 'orphan');
    client.disconnect();
    await only.start(recorder.handler);
    only.wake(DELIVER);
    await until(() => recorder.count(DELIVER) === 1);
  });
});

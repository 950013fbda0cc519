import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Limits } from '../../src/adapter/contract.ts';
import { createPace, type Pace } from '../../src/adapter/pace.ts';
import { systemClock } from '../../src/adapter/simulator/system-clock.ts';
import { createSharedTurns, type SharedTurns } from '../../src/queue/shared-turns.ts';
import { requireServer } from '../support/servers.ts';
import { tcpProxy } from '../support/tcp-proxy.ts';
import { keysOf, REDIS_URL, redisAnswers, removeKeys } from './redis.ts';

const LIMITS: Limits = {
  requests: 4,
  windowMilliseconds: 300,
  concurrency: 3,
  timeoutMilliseconds: 400,
  stalenessMilliseconds: 0,
};

const present = await redisAnswers();

describe('turns that processes share by Redis', () => {
  let prefix: string;
  let opened: SharedTurns[];

  before(requireServer('Redis', present));
  beforeEach(() => {
    prefix = `passerelle-test-${randomUUID()}`;
    opened = [];
  });
  afterEach(async () => {
    for (const each of opened) each.close();
    await removeKeys(prefix);
  });

  const open = (redisUrl = REDIS_URL): SharedTurns => {
    const made = createSharedTurns(redisUrl, prefix, systemClock);
    opened.push(made);
    return made;
  };
  /** As a process of its own has it. */
  const process = (connection = 'one', redisUrl = REDIS_URL): Pace =>
    createPace(LIMITS, systemClock, open(redisUrl).of(connection, LIMITS));

  it('let no window hold more calls than allowed, whoever makes them', async () => {
    const paces = [process(), process(), process()];
    const times: number[] = [];
    const call = async () => void times.push(Date.now());
    await Promise.all(paces.flatMap((pace) => [1, 2, 3, 4, 5].map(() => pace(call))));
    times.sort((a, b) => a - b);
    expect(times).to.have.length(15);
    for (const from of times) {
      const within = times.filter((time) => time >= from && time < from + LIMITS.windowMilliseconds);
      expect(within.length, `from ${from}, of ${times.join(' ')}`).to.be.at.most(LIMITS.requests);
    }
    // Nor do they waste room: 15 calls of 4 a window.
    expect((times[14] ?? 0) - (times[0] ?? 0)).to.be.below(8 * LIMITS.windowMilliseconds);
  });

  it('are each connection’s own', async () => {
    const began = Date.now();
    const paces = [process('one'), process('two')];
    await Promise.all(paces.flatMap((pace) => [1, 2, 3, 4].map(() => pace(async () => undefined))));
    expect(Date.now() - began).to.be.below(LIMITS.windowMilliseconds);
  });

  it('come back from a process that died in its calls, and leave nothing behind', async () => {
    const dead = open().of('one', LIMITS);
    for (let n = 0; n < LIMITS.requests; n += 1) await dead();
    const began = Date.now();
    await process()(async () => undefined);
    const held = Date.now() - began;
    const most = LIMITS.timeoutMilliseconds + LIMITS.windowMilliseconds;
    expect(held).to.be.within(most - 100, most + 1_000);
    const end = Date.now() + 5_000;
    while ((await keysOf(prefix)).length > 0) expect(Date.now(), 'a key stays').to.be.below(end);
  });

  it('hold up nobody while Redis is away, and are kept again when it is back', async () => {
    const proxy = await tcpProxy(REDIS_URL);
    const pace = process('one', proxy.url);
    await pace(async () => undefined);
    expect(await keysOf(prefix)).to.have.length(1);
    await removeKeys(prefix);
    await proxy.cut();
    const began = Date.now();
    await pace(async () => undefined);
    expect(Date.now() - began).to.be.below(1_000);
    await proxy.restore();
    const end = Date.now() + 5_000;
    while ((await keysOf(prefix)).length === 0) {
      expect(Date.now(), 'it was not kept again').to.be.below(end);
      await pace(async () => undefined);
    }
    await proxy.cut();
  });

  it('are kept again soon where Redis is gone without a word, and its connection closes nothing', async () => {
    const proxy = await tcpProxy(REDIS_URL);
    const turns = createSharedTurns(proxy.url, prefix, systemClock, 300);
    opened.push(turns);
    const pace = createPace(LIMITS, systemClock, turns.of('one', LIMITS));
    await pace(async () => undefined);
    await removeKeys(prefix);
    proxy.freeze();
    proxy.thaw();
    const end = Date.now() + 5_000;
    while ((await keysOf(prefix)).length === 0) {
      expect(Date.now(), 'it was not kept again').to.be.below(end);
      await pace(async () => undefined);
    }
    await proxy.cut();
  });
});

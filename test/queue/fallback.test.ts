import { expect } from 'chai';
import type { Queue, Work } from '../../src/engine/ports/queue.ts';
import { type ServedQueue, withFallback } from '../../src/queue/fallback.ts';

const WORK: Work = { kind: 'deliver', connectionId: 'west' };

describe('a queue with a fallback', () => {
  let told: string[];
  let isAway: boolean;
  let queue: Queue;

  beforeEach(() => {
    told = [];
    isAway = false;
    const named = (name: string): Queue => ({
      wake: (work, delay) => void told.push(`${name} wakes ${work.kind} after ${delay}`),
      start: async (handler) => {
        told.push(`${name} starts`);
        await handler(WORK);
      },
      stop: async () => void told.push(`${name} stops`),
    });
    const served: ServedQueue = { ...named('server'), isAway: () => isAway };
    queue = withFallback(served, named('process'));
  });

  it('wakes at the server alone while that is there', () => {
    queue.wake(WORK, 5);
    expect(told).to.deep.equal(['server wakes deliver after 5']);
  });

  it('wakes here as well while it is away, and there for when it is back', () => {
    isAway = true;
    queue.wake(WORK, 5);
    expect(told).to.deep.equal(['server wakes deliver after 5', 'process wakes deliver after 5']);
    isAway = false;
    queue.wake(WORK);
    expect(told).to.have.length(3);
  });

  it('hands the work of both to one handler, and ends both', async () => {
    let handled = 0;
    await queue.start(async () => {
      handled += 1;
    });
    await queue.stop();
    expect(handled).to.equal(2);
    expect(told).to.have.members(['server starts', 'process starts', 'server stops', 'process stops']);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { Fault } from '../../../src/adapter/faults.ts';
import { backoff } from '../../../src/domain/backoff.ts';
import { HOUR, instant, MINUTE, SECOND } from '../../../src/domain/instant.ts';
import { failed, isOpen, reasonOf, succeeded } from '../../../src/engine/circuit.ts';
import type { ConnectionState } from '../../../src/engine/ports/store.ts';

const HEALTHY: ConnectionState = {
  id: 'east',
  failures: 0,
  failingSince: null,
  openUntil: null,
  lastError: null,
  lastSuccessAt: null,
  paused: false,
};
const NOW = instant(1_000_000);
const down = new Fault('unavailable', 'no answer');
const always = (value: number) => ({ next: () => value });

const failing = (failures: number, error: unknown = down): ConnectionState => {
  let state = HEALTHY;
  for (let n = 0; n < failures; n += 1) state = failed(state, error, instant(NOW + n), always(0.5));
  return state;
};

describe('the circuit of a connection', () => {
  it('stays closed for two faults and opens on the third', () => {
    expect([1, 2, 3].map((failures) => failing(failures).openUntil !== null)).to.deep.equal([
      false,
      false,
      true,
    ]);
    expect(failing(3).failures).to.equal(3);
  });

  it('is open until its time, and at that time it is not', () => {
    const state = { ...HEALTHY, openUntil: instant(500) };
    expect(isOpen(state, instant(499))).to.equal(true);
    expect(isOpen(state, instant(500))).to.equal(false);
    expect(isOpen(HEALTHY, instant(0))).to.equal(false);
  });

  it('remembers since when it fails, and why', () => {
    const state = failing(3);
    expect(state.failingSince).to.equal(NOW);
    expect(state.lastError).to.equal('unavailable: no answer');
  });

  it('stays open longer with every fault, up to a minute', () => {
    const openFor = (failures: number): number => (failing(failures).openUntil ?? 0) - (NOW + failures - 1);
    expect([3, 4, 5, 6].map(openFor)).to.deep.equal([750, 1_500, 3_000, 6_000]);
    expect([12, 40, 400].map(openFor)).to.deep.equal([45_000, 45_000, 45_000]);
  });

  it('waits as long as the platform asks, from the first fault on', () => {
    const asked = new Fault('throttled', 'slow down', { retryAfterMilliseconds: 90 * SECOND });
    expect(failed(HEALTHY, asked, NOW, always(0)).openUntil).to.equal(NOW + 90 * SECOND);
    const atOnce = new Fault('unavailable', 'restarting', { retryAfterMilliseconds: 0 });
    expect(failed(failing(5), atOnce, NOW, always(0)).openUntil).to.equal(NOW);
  });

  it('does not wait for hours because of a wrong date', () => {
    const asked = new Fault('throttled', 'slow down', { retryAfterMilliseconds: 400 * 24 * HOUR });
    expect(failed(HEALTHY, asked, NOW, always(0)).openUntil).to.equal(NOW + HOUR);
  });

  it('opens at once when credentials are refused, and tries again within a minute', () => {
    const refused = failed(HEALTHY, new Fault('unauthorized', 'expired'), NOW, always(0));
    expect(refused.openUntil).to.equal(NOW + MINUTE);
  });

  it('does so too when the address is not allowed, and says it', () => {
    const refused = failed(HEALTHY, new Fault('forbidden', 'GET /x: not called'), NOW, always(0));
    expect(refused).to.include({ openUntil: NOW + MINUTE, lastError: 'forbidden: GET /x: not called' });
  });

  it('closes on success, forgets its faults, and stays paused if it was', () => {
    const healed = succeeded({ ...failing(9), paused: true }, instant(NOW + 99));
    expect(healed).to.deep.equal({ ...HEALTHY, paused: true, lastSuccessAt: NOW + 99 });
    expect(failed(healed, down, NOW, always(0)).openUntil).to.equal(null);
  });

  it('does not repeat the words of an error that is no fault: they might name a patient', () => {
    expect(reasonOf(new TypeError('Jeanne Fictive'))).to.equal('unexpected TypeError');
    expect(reasonOf('Jeanne Fictive')).to.equal('unexpected error');
    expect(failed(HEALTHY, new RangeError('x'), NOW, always(0)).lastError).to.equal('unexpected RangeError');
  });
});

describe('the wait before a retry', () => {
  it('is between half of the step and the step, which doubles from the minimum to the maximum', () => {
    const dice = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000 }), dice, (attempt, value) => {
        const wait = backoff(attempt, always(value), 500, 5 * MINUTE);
        const step = attempt > 20 ? 5 * MINUTE : Math.min(5 * MINUTE, 500 * 2 ** attempt);
        expect(wait).to.be.within(step / 2, step);
        expect(Number.isSafeInteger(wait)).to.equal(true);
      }),
      { seed: 20_191_020, numRuns: 500 },
    );
  });

  it('is spread over that half by the dice', () => {
    expect([0, 0.5, 0.75].map((value) => backoff(2, always(value), 1_000, 60_000))).to.deep.equal([
      2_000, 3_000, 3_500,
    ]);
  });
});

import { expect } from 'chai';
import { loserTo, onceWritten } from '../../src/adapter/claim.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { markOf } from '../../src/adapter/observation.ts';

const early = { id: 4, mark: markOf('0b7c4f9e-1111-4222-8333-444455556666') };
const late = { id: 7, mark: markOf('1b7c4f9e-1111-4222-8333-444455556666') };

describe('who has a time that two bookings take', () => {
  it('is the same from both sides', () => {
    expect(loserTo(early, [early, late])).to.equal(null);
    expect(loserTo(late, [early, late])).to.equal(early);
  });

  it('is whoever has no mark, whichever came first', () => {
    for (const id of [1, 5, 9]) {
      const patient = { id, mark: null };
      expect(loserTo(early, [early, patient])).to.equal(patient);
    }
  });

  it('is nobody else when only ours stands', () => {
    expect(loserTo(early, [early])).to.equal(null);
  });

  it('is not known when it cannot be looked at', async () => {
    const failing = onceWritten(() => Promise.reject(new Fault('throttled', 'HTTP 429')));
    const fault = await failing.catch((error: Fault) => error);
    expect(fault instanceof Fault && fault.kind).to.equal('unsure');
  });
});

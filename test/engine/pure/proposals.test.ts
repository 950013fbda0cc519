import { expect } from 'chai';
import { Directory } from '../../../src/domain/directory.ts';
import type { FreeSlot } from '../../../src/engine/ports/conflicts.ts';
import { rank } from '../../../src/engine/proposals.ts';
import { entries, span } from '../../support/clinic.ts';

const clinic = entries();
const [doctor] = clinic.schedules;
if (!doctor) throw new Error('the clinic has no schedule');
/** The same doctor elsewhere, for the same service and for another. */
const directory = new Directory({
  ...clinic,
  schedules: [
    ...clinic.schedules,
    { ...doctor, id: 'doctor-there' },
    { ...doctor, id: 'doctor-other', serviceId: 'other' },
  ],
});

const BOOKING = { interval: span(60, 80), scheduleId: 'doctor-here', originId: 'east' };

const free = (slotId: string, from: number, more: Partial<FreeSlot> = {}): FreeSlot => ({
  slotId,
  connectionId: 'east',
  scheduleId: 'doctor-here',
  interval: span(from, from + 20),
  ...more,
});

const ranked = (...slots: FreeSlot[]): string[] => {
  const forward = rank(slots, BOOKING, directory).map(({ slotId }) => slotId);
  expect(rank(slots.reverse(), BOOKING, directory).map(({ slotId }) => slotId)).to.deep.equal(forward);
  return forward;
};

describe('the slots to which a booking could go', () => {
  it('are the nearest first, before or after', () => {
    expect(ranked(free('far', 140), free('after', 90), free('before', 35), free('earlier', 0))).to.deep.equal(
      ['before', 'after', 'earlier', 'far'],
    );
  });

  it('are those of the same schedule first, then of the same service, then others, however near', () => {
    expect(
      ranked(
        free('other', 80, { scheduleId: 'doctor-other' }),
        free('there', 100, { scheduleId: 'doctor-there' }),
        free('here', 600),
      ),
    ).to.deep.equal(['here', 'there', 'other']);
  });

  it('at the same distance are those of the platform where it stands, then the earlier', () => {
    expect(
      ranked(free('west', 80, { connectionId: 'west' }), free('east', 80), free('east-before', 40)),
    ).to.deep.equal(['east-before', 'east', 'west']);
  });

  it('tell how far they are, and in which direction', () => {
    const [before, after] = rank([free('x', 40), free('y', 90)], BOOKING, directory);
    expect([before?.distanceMilliseconds, after?.distanceMilliseconds]).to.deep.equal([
      -1_200_000, 1_800_000,
    ]);
  });
});

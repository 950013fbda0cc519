import { expect } from 'chai';
import { Directory } from '../../../src/domain/directory.ts';
import { plus } from '../../../src/domain/instant.ts';
import { busyFingerprint } from '../../../src/domain/listing.ts';
import { conflictId } from '../../../src/engine/conflicts.ts';
import type { Situation } from '../../../src/engine/draft.ts';
import { at, busy, entries, listing, span } from '../../support/clinic.ts';
import { atWest, idOf, type Look, listingAt, look, NOTHING, NOW, NOWHERE, seenBusy, unmet } from './world.ts';

const EAST = idOf('east', 1);
const WEST = idOf('west', 1);

const directoryWith = (conflicts: 'ask' | 'keep-first'): Directory => {
  const clinic = entries();
  return new Directory({
    ...clinic,
    schedules: clinic.schedules.map((each) => ({ ...each, policy: { ...each.policy, conflicts } })),
  });
};
const KEEP_FIRST = directoryWith('keep-first');

const later = (minutes: number) => plus(NOW, minutes * 60_000);
const eastern = (made: number) => seenBusy(1, span(0, 20), { changedAt: at(made) });
const western = (made: number) => seenBusy(1, span(10, 30), { ...atWest(1), changedAt: at(made) });

/** East is read, then west, under the policy. */
const both = (madeEast: number, madeWest: number, more: Partial<Look> = {}) => {
  const before = look('east', NOWHERE, { present: [eastern(madeEast)], directory: KEEP_FIRST }).after;
  return look('west', before, {
    present: [western(madeWest)],
    directory: KEEP_FIRST,
    at: later(1),
    ...more,
  });
};
const lanes = ({ live }: Situation) => Object.fromEntries(live.map(({ id, lane }) => [id, lane]));
const isAsked = ({ after }: ReturnType<typeof both>) => {
  expect(after.live.map(({ id }) => id)).to.have.members([EAST, WEST]);
  expect(after.conflicts.map(({ settlement }) => settlement)).to.deep.equal([null]);
};

describe('the policy keep-first', () => {
  it('cancels the later booking that was read later, in the decision that detects the conflict', () => {
    const { after, changes, told } = both(-63, -62);
    expect(lanes(after)).to.deep.equal({ [EAST]: 0 });
    expect(told).to.deep.equal([
      'busy.observed',
      'appointment.cancelled',
      'conflict.detected',
      'conflict.resolved',
    ]);
    const { settlement, endedAt } = changes.conflicts[0] ?? {};
    expect(settlement).to.deep.equal({
      resolution: EAST < WEST ? 'keep-a' : 'keep-b',
      by: 'policy',
      at: later(1),
    });
    expect(endedAt).to.equal(later(1));
    expect(
      changes.passed.map(({ id }) => id),
      'it is written down all the same',
    ).to.deep.equal([WEST]);
    expect(changes.appointmentStatuses).to.deep.equal([{ id: WEST, status: 'cancelled' }]);
    expect(listingAt(after, 'w-doctor', WEST)).to.include({
      desired: null,
      known: busyFingerprint('appointment', span(10, 30)),
    });
    expect(
      after.listings.filter(({ kind, subjectId }) => kind === 'block' && subjectId === WEST),
    ).to.deep.equal([]);
  });

  it('cancels the later booking that was read first, and the other has its lane', () => {
    const { after, changes } = both(-62, -63);
    expect(lanes(after)).to.deep.equal({ [WEST]: 0 });
    expect(changes.ended).to.deep.equal([EAST]);
    expect(listingAt(after, 'e-doctor', EAST).desired).to.equal(null);
    expect(listingAt(after, 'e-doctor', WEST).desired).to.equal(busyFingerprint('block', span(10, 30)));
  });

  it('says nothing more when either is read again, before or after the cancellation has landed', () => {
    const { after } = both(-63, -62);
    const again = look('west', after, { present: [western(-62)], directory: KEEP_FIRST, at: later(2) });
    expect(again.changes).to.deep.equal(NOTHING);
    const gone = unmet(listingAt(after, 'w-doctor', WEST));
    const landed = look('west', after, { absent: [gone], directory: KEEP_FIRST, at: later(2) });
    expect(landed.told).to.deep.equal([]);
    expect(listingAt(landed.after, 'w-doctor', WEST).known).to.equal(null);
  });

  it('lets nobody go for somebody who goes as well', () => {
    const first = look('east', NOWHERE, {
      present: [
        seenBusy(1, span(0, 20), { changedAt: at(-70) }),
        seenBusy(3, span(30, 50), { changedAt: at(-66) }),
      ],
      directory: KEEP_FIRST,
    }).after;
    const between = seenBusy(2, span(10, 40), { ...atWest(2), changedAt: at(-68) });
    const { after, changes } = look('west', first, {
      present: [between],
      directory: KEEP_FIRST,
      at: later(1),
    });
    expect(lanes(after)).to.deep.equal({ [idOf('east', 1)]: 0, [idOf('east', 3)]: 0 });
    expect(changes.conflicts.map(({ id }) => id)).to.deep.equal([
      conflictId(idOf('east', 1), idOf('west', 2)),
    ]);
  });

  describe('asks a person', () => {
    it('where the clinic did not say it', () => {
      isAsked(both(-63, -62, { directory: directoryWith('ask') }));
    });
    it('where the platform of the later one cancels nothing', () => {
      isAsked(both(-63, -62, { mayCancel: (id) => id !== 'west' }));
      expect(lanes(both(-63, -62, { mayCancel: (id) => id === 'west' }).after)).to.deep.equal({ [EAST]: 0 });
    });
    it('where both were made at the same moment', () => isAsked(both(-62, -62)));
    it('of time that has begun', () => isAsked(both(-63, -62, { at: at(1), asOf: at(0) })));

    it('where one platform sold one time twice', () => {
      const present = [
        seenBusy(1, span(0, 20), { changedAt: at(-63) }),
        seenBusy(2, span(10, 30), { changedAt: at(-62) }),
      ];
      const { after } = look('east', NOWHERE, { present, directory: KEEP_FIRST });
      expect(after.live).to.have.length(2);
      expect(after.conflicts[0]?.settlement).to.equal(null);
    });

    it('where either is not confirmed by its platform yet: it may still be refused', () => {
      for (const made of [-63, -61]) {
        const asked: Situation = {
          conflicts: [],
          live: [busy(50, span(0, 20), { changedAt: at(made) })],
          listings: [listing(50, span(0, 20), { known: null, unsure: true, externalId: null })],
        };
        const { after } = look('west', asked, { present: [western(-62)], directory: KEEP_FIRST });
        expect(after.live).to.have.length(2);
        expect(after.conflicts[0]?.settlement).to.equal(null);
      }
    });

    it('where it was asked already, whatever the policy has become', () => {
      const open = both(-63, -62, { directory: directoryWith('ask') }).after;
      const { changes } = look('west', open, {
        present: [western(-62)],
        directory: KEEP_FIRST,
        at: later(2),
      });
      expect(changes).to.deep.equal(NOTHING);
    });
  });
});

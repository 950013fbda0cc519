import { expect } from 'chai';
import { listedId } from '../../../src/adapter/asking/ids.ts';
import { markOf, type Observation } from '../../../src/adapter/observation.ts';
import type { Interval } from '../../../src/domain/interval.ts';
import { busyFingerprint, type Fingerprint, type Listing } from '../../../src/domain/listing.ts';
import { UNKNOWN_ATTRIBUTES } from '../../../src/domain/slot.ts';
import { recognize } from '../../../src/engine/recognize.ts';
import { listing, span, uuid } from '../../support/clinic.ts';

const row = (interval: Interval, busyKind: 'block' | 'appointment' = 'block'): Observation => ({
  kind: 'busy',
  externalId: `${busyKind}-${interval.start}`,
  calendar: 'e-doctor',
  interval,
  mark: null,
  revision: null,
  sequence: null,
  busyKind,
  expiresAt: null,
  changedAt: null,
});

const slot = (interval: Interval): Observation => ({
  kind: 'slot',
  externalId: `slot-${interval.start}`,
  calendar: 'e-doctor',
  interval,
  mark: null,
  revision: null,
  sequence: null,
  attributes: UNKNOWN_ATTRIBUTES,
});

const block = (n: number, interval: Interval, more: Partial<Listing> = {}): Listing =>
  listing(n, interval, {
    kind: 'block',
    desired: busyFingerprint('block', interval),
    known: null,
    externalId: null,
    ...more,
  });

const found = (rows: readonly Observation[], ours: readonly Listing[]) =>
  recognize(rows, ours).map(({ mark, externalId, interval }) => [mark, externalId, interval] as const);

describe('what a person copied', () => {
  const TIME = span(20, 40);

  it('is ours where it is closed at just the time that was asked, done or not', () => {
    const [asked] = found([row(TIME)], [block(1, TIME)]);
    expect(asked?.[0]).to.equal(markOf(uuid(1)));
    const known = block(1, TIME, { desired: null, known: busyFingerprint('block', TIME), externalId: 'b-1' });
    expect(found([row(TIME)], [known])).to.deep.equal([[markOf(uuid(1)), 'b-1', TIME]]);
  });

  it('is ours where it stands still at the time before', () => {
    const moved = block(1, span(60, 80), { known: busyFingerprint('block', TIME) });
    expect(found([row(TIME)], [moved])[0]?.[0]).to.equal(markOf(uuid(1)));
  });

  it('is a patient’s where it is booked, of another calendar, or at another time', () => {
    for (const [rows, ours] of [
      [[row(TIME, 'appointment')], [block(1, TIME)]],
      [[row(TIME)], [block(1, TIME, { calendar: 'e-walk-in' })]],
      [[row(TIME)], [block(1, span(30, 50))]],
      [[row(TIME)], [block(1, span(10, 50))]],
    ] as const)
      expect(found(rows, ours)).to.deep.equal([[null, rows[0]?.externalId, rows[0]?.interval]]);
  });

  it('is the platform’s own where more is closed, and what was asked within is done', () => {
    const wide = span(15, 45);
    const id = listedId({ calendar: 'e-doctor', interval: TIME, status: 'blocked' });
    expect(found([row(wide)], [block(1, TIME), block(2, span(40, 60))])).to.deep.equal([
      [null, `block-${wide.start}`, wide],
      [markOf(uuid(1)), id, TIME],
    ]);
  });

  it('is all of ours where several were asked at one time', () => {
    const marks = found([row(TIME)], [block(1, TIME), block(2, TIME)]).map(([mark]) => mark);
    expect(marks).to.deep.equal([markOf(uuid(1)), markOf(uuid(2))]);
  });

  it('is a slot that we publish where it is at that time, and else the platform’s own', () => {
    const desired = `offer/${TIME.start}/${TIME.end}/hash` as Fingerprint;
    const offer = listing(1, TIME, { kind: 'offer', desired, known: null, externalId: null });
    expect(found([slot(TIME)], [offer])[0]?.[0]).to.equal(markOf(uuid(1)));
    expect(found([slot(TIME)], [block(1, TIME)])[0]?.[0]).to.equal(null);
    expect(found([slot(span(15, 45))], [offer]), 'a wider one').to.have.length(1);
    expect(found([slot(span(15, 45))], [offer])[0]?.[0]).to.equal(null);
  });
});

import { expect } from 'chai';
import { Directory } from '../../../src/domain/directory.ts';
import { busyFingerprint, type Fingerprint, type Listing } from '../../../src/domain/listing.ts';
import type { Calendar } from '../../../src/domain/schedule.ts';
import { offerFingerprint, seenOffer, wantedBlocks, wantedOffers } from '../../../src/engine/mirror.ts';
import type { StoredOffer } from '../../../src/engine/ports/store.ts';
import { at, busy, CALENDARS, directory, entries, listing, span, uuid } from '../../support/clinic.ts';
import { look, NOWHERE, seenBusy } from './world.ts';

const NOW = at(-60);
const HOME = { connectionId: 'east', externalId: 'e-doctor' };

const calendar = (connectionId: string, externalId: string, topology: Calendar['topology']): Calendar => ({
  connectionId,
  externalId,
  scheduleId: 'doctor-here',
  topology,
});

/** East sells; west is fed by us. */
const PUBLISHING = new Directory(
  entries([calendar('east', 'e-doctor', 'block'), calendar('west', 'w-doctor', 'publish')]),
);

describe('the blocks that a booking calls for', () => {
  const placesOf = (options: Partial<Parameters<typeof wantedBlocks>[1]>, interval = span(0, 20)) =>
    wantedBlocks(busy(1, interval), { directory, home: HOME, confirmed: true, at: NOW, ...options }).map(
      (block) => `${block.connectionId}/${block.calendar}`,
    );

  it('are one on every calendar of the actor, except where it stands', () => {
    expect(placesOf({})).to.deep.equal(['west/w-doctor']);
    expect(placesOf({ home: { connectionId: 'west', externalId: 'w-doctor' } })).to.deep.equal([
      'east/e-doctor',
    ]);
  });

  it('are on all of them when it stands nowhere yet', () => {
    expect(placesOf({ home: null })).to.deep.equal(['east/e-doctor', 'west/w-doctor']);
  });

  it('are also on another calendar of the same platform, and of another place', () => {
    const two = new Directory(entries([...CALENDARS, calendar('east', 'e-doctor-2', 'block')]));
    expect(placesOf({ directory: two })).to.deep.equal(['west/w-doctor', 'east/e-doctor-2']);
  });

  it('are asked of no person while it is only held, and are once it is booked', () => {
    const { connections, ...rest } = entries();
    const byHand = new Directory({
      ...rest,
      connections: connections.map((each) => ({ ...each, asksPeople: each.id === 'west' })),
    });
    const options = { directory: byHand, home: HOME, confirmed: true, at: NOW };
    expect(wantedBlocks(busy(1, span(0, 20), { kind: 'hold' }), options)).to.deep.equal([]);
    expect(wantedBlocks(busy(1, span(0, 20)), options)).to.have.length(1);
    expect(wantedBlocks(busy(1, span(0, 20), { kind: 'block' }), options)).to.have.length(1);
  });

  it('are not on a calendar that we publish to: there the slot is withdrawn instead', () => {
    expect(placesOf({ directory: PUBLISHING, home: null })).to.deep.equal(['east/e-doctor']);
  });

  it('are none for time that has passed, to the millisecond', () => {
    expect(placesOf({ at: at(20) })).to.deep.equal([]);
    expect(placesOf({ at: at(19) })).to.deep.equal(['west/w-doctor']);
  });

  it('are none before its platform has confirmed it', () => {
    expect(placesOf({ confirmed: false })).to.deep.equal([]);
  });

  it('say the time and not who comes', () => {
    const [block] = wantedBlocks(busy(1, span(0, 20)), { directory, home: HOME, confirmed: true, at: NOW });
    expect(block).to.deep.include({
      subjectId: uuid(1),
      kind: 'block',
      interval: span(0, 20),
      desired: busyFingerprint('block', span(0, 20)),
      known: null,
      unsure: false,
    });
  });

  it('follow from a booking that is read, on the calendars of that directory', () => {
    const present = [seenBusy(1, span(0, 20))];
    const blocks = (options: Parameters<typeof look>[2]) =>
      look('east', NOWHERE, options).changes.listings.filter((each) => each.kind === 'block');
    expect(blocks({ present })).to.have.length(1);
    expect(blocks({ present, directory: PUBLISHING })).to.deep.equal([]);
    expect(blocks({ present, at: at(20) })).to.deep.equal([]);
  });

  it('of time that has passed are left as they stand, whatever becomes of the booking', () => {
    const held = seenBusy(1, span(0, 20), { busyKind: 'hold', expiresAt: at(60) });
    const before = look('east', NOWHERE, { present: [held] }).after;
    const { changes } = look('east', before, { present: [seenBusy(1, span(0, 20))], at: at(20) });
    expect(changes.busy.map(({ kind }) => kind)).to.deep.equal(['appointment']);
    expect(changes.listings.filter((each) => each.kind === 'block')).to.deep.equal([]);
  });

  it('of time that is still to come are withdrawn, although the booking was moved into the past', () => {
    const before = look('east', NOWHERE, { present: [seenBusy(1, span(0, 20))] }).after;
    const { changes } = look('east', before, { present: [seenBusy(1, span(-200, -180))], at: at(-30) });
    const blocks = changes.listings.filter((each) => each.kind === 'block');
    expect(blocks.map(({ desired, interval }) => ({ desired, interval }))).to.deep.equal([
      { desired: null, interval: span(0, 20) },
    ]);
  });
});

describe('the fingerprint', () => {
  it('of a booking tells kind, start and end apart, and of a hold also when it ends', () => {
    const texts = [
      busyFingerprint('appointment', span(0, 20)),
      busyFingerprint('block', span(0, 20)),
      busyFingerprint('hold', span(0, 20)),
      busyFingerprint('hold', span(0, 20), at(5)),
      busyFingerprint('hold', span(0, 20), at(6)),
      busyFingerprint('appointment', span(0, 25)),
      busyFingerprint('appointment', span(5, 20)),
    ];
    expect(new Set(texts).size).to.equal(texts.length);
    expect(busyFingerprint('appointment', span(0, 20), at(5))).to.equal(texts[0]);
  });

  it('of a slot that we published is what we know as long as its time is ours', () => {
    const ours = listing(9, span(0, 15), {
      kind: 'offer',
      desired: 'offer/b' as Fingerprint,
      known: 'offer/a' as Fingerprint,
    });
    expect(seenOffer(ours, span(0, 15))).to.equal('offer/a');
    expect(seenOffer({ ...ours, known: null }, span(0, 15))).to.equal('offer/b');
    expect(['offer/a', 'offer/b']).to.not.include(seenOffer(ours, span(0, 20)));
    expect(seenOffer({ ...ours, known: null, desired: null }, span(0, 15))).to.be.a('string');
  });
});

describe('the offers that we want published', () => {
  const offer: StoredOffer = {
    slotId: uuid(9),
    scheduleId: 'doctor-here',
    connectionId: 'east',
    calendar: 'e-doctor',
    externalId: 'slot',
    version: 1,
    interval: span(0, 15),
    content: 'hash',
    status: 'free',
    withheld: false,
    awaitedBy: null,
  };
  const published: Listing = listing(9, span(0, 15), {
    connectionId: 'west',
    calendar: 'w-doctor',
    kind: 'offer',
    desired: offerFingerprint(offer),
    known: offerFingerprint(offer),
    externalId: 'there-9',
  });
  const wanted = (
    offers: readonly StoredOffer[],
    options: Partial<Parameters<typeof wantedOffers>[1]> = {},
  ) =>
    wantedOffers(offers, {
      directory: PUBLISHING,
      existing: [],
      sold: [],
      maySell: () => true,
      releasedUntil: new Map(),
      at: NOW,
      ...options,
    });

  it('are the slots that are free, on every calendar that we feed', () => {
    const [first, ...others] = wanted([offer]);
    expect(others).to.deep.equal([]);
    expect(first).to.deep.include({
      connectionId: 'west',
      calendar: 'w-doctor',
      subjectId: uuid(9),
      kind: 'offer',
      scheduleId: 'doctor-here',
      interval: span(0, 15),
      desired: offerFingerprint(offer),
      known: null,
      externalId: null,
    });
  });

  for (const status of ['busy', 'busy-unavailable', 'busy-tentative'] as const) {
    it(`are withdrawn when the time is ${status} elsewhere, and were never published if it already was`, () => {
      expect(wanted([{ ...offer, status }], { existing: [published] })).to.deep.equal([
        { ...published, desired: null },
      ]);
      expect(wanted([{ ...offer, status }])).to.deep.equal([]);
    });
  }

  it('are none of slots that are not released yet, and are withdrawn where they stand', () => {
    const from = (minutes: number | null) =>
      new Map([['doctor-here', minutes === null ? null : at(minutes)]]);
    expect(wanted([offer], { releasedUntil: from(0) })).to.deep.equal([]);
    expect(wanted([offer], { releasedUntil: from(1) })).to.have.length(1);
    expect(wanted([offer], { releasedUntil: from(null) })).to.have.length(1);
    expect(wanted([offer], { releasedUntil: from(0), existing: [published] })).to.deep.equal([
      { ...published, desired: null },
    ]);
  });

  it('of time that has passed are left as they stand, but one that was moved there goes from where it stood', () => {
    const past = { ...offer, interval: span(-80, -60) };
    const stood = { ...published, interval: past.interval, known: offerFingerprint(past) };
    expect(wanted([past], { existing: [stood] })).to.deep.equal([]);
    expect(wanted([past])).to.deep.equal([]);
    expect(wanted([past], { existing: [published] })).to.deep.equal([{ ...published, desired: null }]);
  });

  it('come back when the time is free again', () => {
    const withdrawn = { ...published, desired: null, known: null };
    expect(wanted([offer], { existing: [withdrawn] })).to.deep.equal([
      { ...withdrawn, desired: offerFingerprint(offer) },
    ]);
  });

  it('change with their time and their content', () => {
    const moved = { ...offer, interval: span(30, 45) };
    const [after] = wanted([moved], { existing: [published] });
    expect(after).to.deep.include({
      interval: span(30, 45),
      desired: offerFingerprint(moved),
      known: published.known,
    });
    const other = { ...offer, content: 'other' };
    expect(wanted([other], { existing: [published] })[0]?.desired).to.not.equal(published.desired);
  });

  it('stay as they stand where they were sold on the very calendar, also when they were to be withdrawn', () => {
    const sold = [{ busy: busy(1, span(0, 15)), home: { connectionId: 'west', externalId: 'w-doctor' } }];
    for (const existing of [published, { ...published, desired: null }]) {
      expect(wanted([{ ...offer, status: 'busy' }], { existing: [existing], sold })).to.deep.equal([
        published,
      ]);
    }
    const elsewhere = [{ busy: busy(1, span(0, 15)), home: HOME }];
    expect(wanted([{ ...offer, status: 'busy' }], { existing: [published], sold: elsewhere })).to.have.length(
      1,
    );
    const beside = [{ busy: busy(1, span(15, 30)), home: { connectionId: 'west', externalId: 'w-doctor' } }];
    expect(wanted([{ ...offer, status: 'busy' }], { existing: [published], sold: beside })).to.have.length(1);
  });

  it('are left untouched when their time has passed', () => {
    expect(wanted([{ ...offer, status: 'busy' }], { existing: [published], at: at(15) })).to.deep.equal([]);
    expect(wanted([{ ...offer, status: 'busy' }], { existing: [published], at: at(14) })).to.have.length(1);
  });

  it('are none on calendars that have slots of their own, on the one that they come from, or of another schedule', () => {
    expect(wanted([offer], { directory })).to.deep.equal([]);
    const back = { ...offer, connectionId: 'west', calendar: 'w-doctor' };
    expect(wanted([back])).to.deep.equal([]);
    const other: Calendar = { ...calendar('west', 'w-walk-in', 'publish'), scheduleId: 'walk-in-here' };
    expect(wanted([offer], { directory: new Directory(entries([other])) })).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import type { Appointment, Patient } from 'fhir/r4.js';
import { instant } from '../../src/domain/instant.ts';
import { overlaps } from '../../src/domain/interval.ts';
import { BookingClient, becomes, PATIENT_WORDS, takenAt } from '../support/booking-client.ts';
import { ConflictDesk, type SeenConflict } from '../support/conflict-desk.ts';
import { ACTORS, MirroredClinic } from '../support/mirrored-clinic.ts';
import { until } from '../support/servers.ts';
import { disagreements, type SimulatedSite } from '../support/simulated-site.ts';

describe('two bookings of one time, by the API', function () {
  this.timeout(90_000);
  let clinic: MirroredClinic;
  let desk: ConflictDesk;

  before(async () => {
    clinic = await MirroredClinic.open();
    desk = new ConflictDesk(clinic);
  });
  after(() => clinic?.close());

  it('are listed while they are in conflict, with where either could go, and are gone when one is cancelled', async () => {
    const { conflict, vendorBooking, rvsqSlot, vendorSide, rvsqSide } = await desk.collide(4);
    expect((await desk.list()).map(({ id }) => id)).to.deep.equal([conflict.id]);
    const found = await desk.find(conflict.id);
    expect(found).to.include({ state: 'open', actor: rvsqSlot.actor, resolution: null, endedAt: null });
    const sides = [found.bookings[vendorSide], found.bookings[rvsqSide]];
    expect(sides.map(({ connection }) => connection)).to.deep.equal(['bonjour-sante', 'rvsq']);
    expect(sides.filter(({ holdsLock }) => holdsLock)).to.have.length(1);
    expect(sides[1]).to.deep.include({
      start: new Date(rvsqSlot.start).toISOString(),
      end: new Date(rvsqSlot.end).toISOString(),
    });
    expectNearest(found, vendorSide);
    expectNearest(found, rvsqSide);
    await clinic.vendor.cancel(vendorBooking);
    await until('the conflict is gone', async () => (await desk.find(conflict.id)).state === 'gone');
    const after = await desk.find(conflict.id);
    expect(after.bookings[rvsqSide].holdsLock).to.equal(true);
    expect(after.proposals).to.deep.equal({ a: [], b: [] });
    expect(await desk.list()).to.deep.equal([]);
    expect(desk.types(conflict.id)).to.deep.equal(['conflict.detected', 'conflict.ended']);
  });
});

describe('two bookings of one time, settled through the API', function () {
  this.timeout(90_000);
  let clinic: MirroredClinic;
  let desk: ConflictDesk;

  before(async () => {
    clinic = await MirroredClinic.open();
    desk = new ConflictDesk(clinic);
  });
  after(() => clinic?.close());
  afterEach('both platforms show what they should', async () => {
    const { vendor, rvsq } = clinic;
    await until('both agree', async () => (await disagreements(vendor, rvsq)).length === 0);
    await until('nothing is left to be done', async () => await clinic.converged());
  });

  const booked = async (site: SimulatedSite): Promise<string[]> =>
    (await site.periods()).flatMap(({ kind, id }) => (kind === 'booked' ? [id] : []));

  for (const [keeps, index] of [
    ['vendor', 4],
    ['rvsq', 12],
  ] as const) {
    it(`by keeping that of ${keeps}: the other is cancelled at its platform and closed there`, async () => {
      const { conflict, vendorBooking, rvsqBooking, vendorSlot, rvsqSlot, vendorSide, rvsqSide } =
        await desk.collide(index);
      const { vendor, rvsq } = clinic;
      const side = keeps === 'vendor' ? vendorSide : rvsqSide;
      const { status, json } = await desk.resolve<SeenConflict>(conflict.id, { resolution: `keep-${side}` });
      expect(status).to.equal(200);
      expect(json).to.include({ state: 'resolved' });
      expect(json.resolution).to.include({ resolution: `keep-${side}`, by: 'administrator' });
      expect(json.bookings[side].holdsLock).to.equal(true);
      const [own, other] = keeps === 'vendor' ? [vendor, rvsq] : [rvsq, vendor];
      const [kept, lost] = keeps === 'vendor' ? [vendorBooking, rvsqBooking] : [rvsqBooking, vendorBooking];
      await until('the other is gone', async () => !(await booked(other)).includes(lost));
      expect(await booked(own)).to.include(kept);
      const slot = keeps === 'vendor' ? vendorSlot : rvsqSlot;
      await becomes('its time is closed there', other, slot, 'blocked');

      const again = await desk.resolve<SeenConflict>(conflict.id, { resolution: `keep-${side}` });
      expect([again.status, again.json.resolution]).to.deep.equal([200, json.resolution]);
      expect((await desk.resolve(conflict.id, { resolution: 'keep-both' })).status).to.equal(409);
      expect(desk.types(conflict.id)).to.deep.equal(['conflict.detected', 'conflict.resolved']);
      expect(await desk.list()).to.deep.equal([]);
    });
  }

  it('by keeping both: both stay, and are not detected anew by further readings', async () => {
    const { conflict, vendorBooking, rvsqBooking } = await desk.collide(20);
    const { vendor, rvsq } = clinic;
    expect((await desk.resolve(conflict.id, { resolution: 'keep-both' })).status).to.equal(200);
    await desk.read('bonjour-sante');
    await desk.read('rvsq');
    expect(await booked(vendor)).to.include(vendorBooking);
    expect(await booked(rvsq)).to.include(rvsqBooking);
    expect(await desk.list()).to.deep.equal([]);
    expect((await desk.list('resolved')).map(({ id }) => id)).to.include(conflict.id);
    expect(desk.types(conflict.id)).to.deep.equal(['conflict.detected', 'conflict.resolved']);
    await vendor.cancel(vendorBooking);
    await until('the other is in the lock', async () => {
      const { bookings } = await desk.find(conflict.id);
      return Object.values(bookings).some(({ connection, holdsLock }) => connection === 'rvsq' && holdsLock);
    });
    expect((await desk.find(conflict.id)).state).to.equal('resolved');
  });

  for (const [moves, index] of [
    ['vendor', 36],
    ['rvsq', 44],
  ] as const) {
    it(`by moving that of ${moves}, which its platform does without being told who comes`, async () => {
      const { conflict, vendorBooking, rvsqBooking, vendorSlot, rvsqSlot, vendorSide, rvsqSide } =
        await desk.collide(index);
      const { vendor, rvsq } = clinic;
      const isVendor = moves === 'vendor';
      const side = isVendor ? vendorSide : rvsqSide;
      const [own, other] = isVendor ? [vendor, rvsq] : [rvsq, vendor];
      const { proposals } = await desk.find(conflict.id);
      const connection = isVendor ? 'bonjour-sante' : 'rvsq';
      const target = proposals[side].find((each) => each.connection === connection) ?? never();
      const order = { resolution: 'move', booking: side, slot: target.slot };
      const { status, json } = await desk.resolve<SeenConflict>(conflict.id, order);
      expect(status, JSON.stringify(json)).to.equal(200);
      expect(json.resolution).to.include({
        resolution: 'move',
        booking: side,
        slot: target.slot,
        appointment: conflict.bookings[side].appointment,
      });
      const [id, slot] = isVendor ? [vendorBooking, vendorSlot] : [rvsqBooking, rvsqSlot];
      const time = { ...slot, start: target.start, end: target.end };
      expect((await takenAt(own, time)).map((period) => period.id)).to.deep.equal([id]);
      await becomes('its new time is closed on the other', other, time, 'blocked');
      // The one that stays has its time closed there.
      await becomes('the time of the other is closed there', own, slot, 'blocked');
      expect(await booked(other)).to.include(isVendor ? rvsqBooking : vendorBooking);
      const again = await desk.resolve<SeenConflict>(conflict.id, order);
      expect([again.status, again.json.resolution]).to.deep.equal([200, json.resolution]);
      expect(await desk.list()).to.deep.equal([]);
      expect(desk.types(conflict.id).filter((type) => type !== 'conflict.ended')).to.deep.equal([
        'conflict.detected',
        'conflict.resolved',
      ]);
    });
  }

  it('also while the platform of the one that is to go is down', async () => {
    const { conflict, rvsqBooking, vendorSide } = await desk.collide(28);
    const { rvsq } = clinic;
    await rvsq.faults({ down: true });
    const { status } = await desk.resolve(conflict.id, { resolution: `keep-${vendorSide}` });
    expect(status).to.equal(200);
    await rvsq.faults({});
    await until('it is gone', async () => !(await booked(rvsq)).includes(rvsqBooking), 30_000);
  });
});

describe('two bookings of one time, where the policy is keep-first', function () {
  this.timeout(90_000);
  let clinic: MirroredClinic;
  let desk: ConflictDesk;

  before(async () => {
    clinic = await MirroredClinic.open({
      conflicts: 'keep-first',
      // From before Passerelle came: nobody asked it to clear up, and staff may have copied one into the other.
      prepare: ({ vendor, rvsq }) => {
        const at = (vendor.agenda.slots(`ag-${ACTORS[1]}`)[60] ?? never()).interval;
        const slot = rvsq.agenda.slots(`pro-${ACTORS[1]}`).find(({ interval }) => overlaps(interval, at));
        for (const [agenda, calendar, interval] of [
          [vendor.agenda, `ag-${ACTORS[1]}`, at],
          [rvsq.agenda, `pro-${ACTORS[1]}`, slot?.interval ?? never()],
        ] as const)
          agenda.reserve({ calendar, interval, slotId: null, reference: null, expiresAt: null });
      },
    });
    desk = new ConflictDesk(clinic);
  });
  after(() => clinic?.close());

  it('are for a person if they were there before', async () => {
    await until('it is open', async () => (await desk.list()).length === 1);
    expect(await desk.list('resolved')).to.deep.equal([]);
    expect((await desk.list())[0]?.actor).to.equal(ACTORS[1]);
  });

  it('are settled at once: the second is cancelled at its platform, and the first is closed there', async () => {
    const { vendor, rvsq } = clinic;
    const vendorSlot = await vendor.laterSlot(8);
    const [rvsqSlot] = await rvsq.overlapping(vendorSlot);
    await vendor.faults({ webhooks: { lose: true } });
    const first = await vendor.book(vendorSlot.id);
    const bookedAt = Date.now();
    // Of two that are booked in the same millisecond nobody was first, and a person decides.
    await until('the clock has moved on', async () => Date.now() > bookedAt);
    const second = await rvsq.book((rvsqSlot ?? never()).id);
    await vendor.faults({});
    await desk.read('bonjour-sante');
    await until('the second is gone', async () => (await rvsq.periods()).every(({ id }) => id !== second));
    await becomes('the first closes its time there', rvsq, vendorSlot, 'blocked');
    expect((await vendor.periods()).map(({ id }) => id)).to.include(first);
    const [settled, ...more] = await desk.list('resolved');
    expect(more).to.deep.equal([]);
    expect(settled?.resolution?.by).to.equal('policy');
    expect(desk.types(settled?.id ?? '')).to.deep.equal(['conflict.detected', 'conflict.resolved']);
    await until('both agree', async () => (await disagreements(vendor, rvsq)).length === 0);
  });
});

describe('a promised booking whose time its platform sold, moved', function () {
  this.timeout(90_000);
  let clinic: MirroredClinic;
  let desk: ConflictDesk;
  let client: BookingClient;

  before(async () => {
    clinic = await MirroredClinic.open({ failover: 'accept', keepDays: 30 });
    desk = new ConflictDesk(clinic);
    client = new BookingClient(clinic);
  });
  after(() => clinic?.close());

  it('is booked anew with its patient, and only then given up', async () => {
    const { vendor, rvsq } = clinic;
    const slot = await vendor.laterSlot(4);
    await vendor.faults({ down: true });
    const { json: promised } = await client.bookOnce(slot, 'P-1', 'Interprète');
    const { agenda } = clinic.simulators.vendor;
    const [start, end] = [instant(Date.parse(slot.start)), instant(Date.parse(slot.end))];
    const calendar = `ag-${slot.actor}`;
    const own = agenda.reserve({
      calendar,
      interval: { start, end },
      slotId: null,
      reference: null,
      expiresAt: null,
    });
    await vendor.faults({});
    await until('the conflict is shown', async () => (await desk.list()).length === 1, 30_000);
    const [conflict] = await desk.list();
    const id = conflict?.id ?? '';
    const { bookings, proposals } = await desk.find(id);
    const side = bookings.a.appointment === promised.id ? 'a' : 'b';
    const other = side === 'a' ? 'b' : 'a';
    const target = proposals[side].find(({ connection }) => connection === 'bonjour-sante') ?? never();
    const order = { resolution: 'move', booking: side, slot: target.slot };

    // Of the vendor's own patient nothing is known here, so no other platform can be told who comes.
    const elsewhereSlot = proposals[other].find(({ connection }) => connection === 'rvsq') ?? never();
    const refused = await desk.resolve(id, { ...order, booking: other, slot: elsewhereSlot.slot });
    expect([refused.status, JSON.stringify(refused.json)]).to.satisfy(
      ([status, text]: [number, string]) => status === 422 && text.includes(`settle this as keep-${side}`),
    );
    // The new time is not confirmed, so the old one is kept and nothing of the new is left.
    await vendor.faults({ down: true });
    expect((await desk.resolve(id, order)).status).to.equal(503);
    expect((await client.read(promised.id ?? '')).status).to.equal('booked');
    expect((await desk.find(id)).state).to.equal('open');
    await vendor.faults({});

    let moved = await desk.resolve<SeenConflict & { resolution: { appointment: string } }>(id, order);
    await until(
      'it is moved',
      async () => {
        if (moved.status !== 200) moved = await desk.resolve(id, order);
        return moved.status === 200;
      },
      30_000,
    );
    const again = await desk.resolve<SeenConflict>(id, order);
    expect([again.status, again.json.resolution]).to.deep.equal([200, moved.json.resolution]);
    const time = { ...slot, start: target.start, end: target.end };
    expect((await takenAt(vendor, time)).map(({ reference }) => reference)).to.deep.equal([
      `passerelle:${moved.json.resolution.appointment}`,
    ]);
    const told = JSON.stringify(await vendor.writes());
    for (const word of PATIENT_WORDS) expect(told).to.contain(word);
    const elsewhere = JSON.stringify(await rvsq.log());
    for (const word of PATIENT_WORDS) expect(elsewhere).not.to.contain(word);
    expect((await takenAt(vendor, slot)).map((period) => period.id)).to.deep.equal([own?.id]);
    const before = await client.read(promised.id ?? '');
    const after = await client.read(moved.json.resolution.appointment);
    expect([before.status, after.status]).to.deep.equal(['cancelled', 'booked']);
    // As its caller knows it, and with what was said.
    expect([before.identifier, after.identifier]).to.deep.equal([undefined, promised.identifier]);
    expect(after.identifier).to.have.length(1);
    expect(after.comment).to.equal('Interprète');
    // The one who is kept, and nothing new was said of them.
    const patientOf = ({ participant }: Appointment) =>
      participant.map(({ actor }) => actor?.reference ?? '').find((each) => each.startsWith('Patient/'));
    expect(patientOf(after)).to.be.a('string').that.equals(patientOf(before));
    const { json: patient } = await clinic.ask<Patient>('GET', `/fhir/${patientOf(after)}`);
    expect(patient.meta?.versionId).to.equal('1');
    await until('both agree', async () => (await disagreements(vendor, rvsq)).length === 0);
    expect(await desk.list()).to.deep.equal([]);
  });
});

const never = (): never => {
  throw new Error('the simulated clinic has fewer slots than this test needs');
};

/** Five, the nearest first, each long enough and in more than an hour. */
function expectNearest({ bookings, proposals }: SeenConflict, side: 'a' | 'b'): void {
  const booking = bookings[side];
  const length = Date.parse(booking.end) - Date.parse(booking.start);
  expect(proposals[side]).to.have.length(5);
  const distances = proposals[side].map(({ start }) =>
    Math.abs(Date.parse(start) - Date.parse(booking.start)),
  );
  expect(distances).to.deep.equal([...distances].sort((one, other) => one - other));
  expect(distances[0]).to.be.at.most(3_600_000);
  for (const { start, end, distanceMinutes } of proposals[side]) {
    expect(Date.parse(end) - Date.parse(start)).to.be.at.least(length);
    expect(Date.parse(start)).to.be.above(Date.now() + 3_600_000);
    expect(distanceMinutes * 60_000).to.equal(Date.parse(start) - Date.parse(booking.start));
  }
}

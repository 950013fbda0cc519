import { expect } from 'chai';
import { ConflictDesk, type SeenConflict } from '../support/conflict-desk.ts';
import { MirroredClinic } from '../support/mirrored-clinic.ts';
import { until } from '../support/servers.ts';

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
    expect(await desk.types(conflict.id)).to.deep.equal(['conflict.detected', 'conflict.ended']);
  });
});

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

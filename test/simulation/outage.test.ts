import { expect } from 'chai';
import { freshPglite, type OpenDatabase } from '../support/databases.ts';
import { claimsOf } from './outage/claims.ts';
import { type Outage, runOutage } from './outage/run.ts';
import { IN_SHORT, timetable } from './outage/timetable.ts';

/** So few calls a minute that twelve clinics meet the vendor's limit as a thousand would. */
const LIMIT = 9;

describe('an outage of the home vendor of many clinics', function () {
  this.timeout(120_000);
  let opened: OpenDatabase;
  let outage: Outage;

  before(async () => {
    opened = await freshPglite();
    outage = await runOutage(opened.database, {
      seed: 1,
      clinics: 12,
      timetable: timetable(IN_SHORT),
      requestsPerMinute: LIMIT,
      bookingsPerClinicAndWeek: 12,
    });
  });
  after(() => opened?.drop());

  it('keeps every claim', async () => {
    const broken = (await claimsOf(outage)).filter(({ violations }) => violations.length > 0);
    expect(broken).to.deep.equal([]);
  });

  it('was one: something waited at each recovery, and the limit was reached', () => {
    const { passes, world } = outage;
    expect(passes).to.have.length(2);
    for (const { told } of passes) expect(told).to.not.have.length(0);
    expect(world.vendorDoor.busiest).to.equal(LIMIT);
    expect(world.crowd.turnedAway).to.be.greaterThan(0);
  });
});

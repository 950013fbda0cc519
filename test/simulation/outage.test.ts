import { expect } from 'chai';
import { HOUR } from '../../src/domain/instant.ts';
import { freshPglite } from '../support/databases.ts';
import { judge } from './outage/claims.ts';
import { type Outage, runOutage } from './outage/run.ts';
import { IN_SHORT, timetable } from './outage/timetable.ts';
import { type Variant, WHOLE } from './variants.ts';

/** So few calls a minute that these clinics meet the vendor's limit as a thousand would. */
const LIMIT = 20;

/** Rewrites the statements of the engine. */
const rewritten = (name: string, rewrite: (text: string) => string): Variant => ({
  ...WHOLE,
  name,
  database: (database) => ({
    ...database,
    query: (text, parameters) => database.query(rewrite(text), parameters),
  }),
});

async function live(variant: Variant, clinics = 16): Promise<{ outage: Outage; broken: string[] }> {
  const { database, drop } = await freshPglite();
  try {
    const outage = await runOutage(database, {
      seed: 1,
      clinics,
      timetable: timetable(IN_SHORT),
      requestsPerMinute: LIMIT,
      bookingsPerClinicAndWeek: 30,
      // So that all agendas are due again while the vendor is down.
      vendorPollMilliseconds: 3 * HOUR,
      variant,
    });
    const { claims } = await judge(outage);
    return { outage, broken: claims.flatMap(({ violations }) => violations) };
  } finally {
    await drop();
  }
}

describe('an outage of the home vendor of many clinics', function () {
  this.timeout(240_000);

  it('keeps every claim', async () => {
    const { outage, broken } = await live(WHOLE);
    expect(broken).to.deep.equal([]);
    // It was one: something waited at each recovery, and the limit was reached.
    expect(outage.passes).to.have.length(2);
    for (const { told } of outage.passes) expect(told).to.not.have.length(0);
    expect(outage.world.vendorDoor.busiest).to.equal(LIMIT);
    expect(outage.world.crowd.turnedAway).to.be.greaterThan(0);
  });

  it('catches an engine that writes the latest first', async () => {
    const latest = rewritten('latest first', (text) =>
      text.replace('order by start_ms, calendar', 'order by start_ms desc, calendar'),
    );
    expect((await live(latest, 12)).broken.join()).to.match(/written before \d+ that start sooner/);
  });

  it('catches an engine that calls for all at once', async () => {
    const eager: Variant = {
      ...WHOLE,
      name: 'all at once',
      store: (store) => ({
        ...store,
        moveOpenUntil: async () => true,
        feedsDue: async (now) => (await store.feeds()).filter(({ dueAt }) => dueAt <= now),
      }),
    };
    // Each of them calls whenever it likes, which takes its time: so few are enough to be seen.
    expect((await live(eager, 8)).broken.join()).to.match(/\d+ calls in a minute/);
  });
});

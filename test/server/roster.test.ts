import { expect } from 'chai';
import { uuid } from '../support/fake-ports.ts';
import { type Served, serve } from '../support/served-front.ts';

type Answer = {
  readonly rosters: readonly { readonly schedule: string; readonly gaps: { count: number } }[];
  readonly complete: boolean;
  readonly total: object;
};

describe('GET /api/roster', () => {
  let served: Served;
  before(async () => {
    served = await serve();
  });
  after(() => served.close());

  it('says what of each roster is on offer, and names nobody', async () => {
    const { status, headers, json } = await served.request('GET', '/api/roster');
    expect([status, headers.get('cache-control')]).to.deep.equal([200, 'no-store']);
    const { rosters, complete, total } = json<Answer>();
    expect(total).to.deep.equal({ shiftMinutes: 240, coveredMinutes: 60 });
    expect(complete).to.equal(true);
    expect(rosters).to.have.length(1);
    expect(rosters[0]).to.deep.include({
      ...{
        schedule: 'agenda-gagnon',
        connections: ['horaire'],
        shifts: 1,
        shiftMinutes: 240,
        coveredMinutes: 60,
      },
      days: [{ day: '2026-11-24', shiftMinutes: 240, coveredMinutes: 60 }],
    });
    expect(rosters[0]).to.have.nested.property('phantoms.items[0].slot', uuid(1));
    expect(rosters[0]).to.have.nested.property('bookedOutside.items[0].appointment', uuid(2));
    expect(rosters[0]).to.have.nested.property('bookedOutside.items[0].cause', 'withdrawn');
  });

  for (const query of [
    'days=0',
    'days=93',
    'days=7.5',
    'days=7&days=8',
    'schedule=nobody',
    'schedule=a&schedule=b',
  ]) {
    it(`refuses ?${query}`, async () => {
      expect((await served.request('GET', `/api/roster?${query}`)).status).to.equal(400);
    });
  }
});

import { expect } from 'chai';
import type { Bundle, CapabilityStatement, OperationOutcome } from 'fhir/r4.js';
import { NOW, slotRow } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { resourcesOf, type Served, serve } from '../support/served-front.ts';

describe('fhir: reverse chains', () => {
  let served: Served;
  before(async () => {
    // Loading the validators takes longer than a server keeps an idle connection.
    faultsOf({ resourceType: 'Slot' });
    served = await serve({ slots: 6 });
    // Dr Gagnon has the odd slots.
    served.world.slots = [1, 2, 3, 4, 5, 6].map((n) => slotRow(n, n % 2 === 1 ? { status: 'busy' } : {}));
  });
  after(() => served.close());

  const found = async (query: string): Promise<(string | undefined)[]> => {
    const { status, text, json } = await served.request('GET', `/fhir/${query}`, {
      headers: { prefer: 'handling=strict' },
    });
    expect(status, text).to.equal(200);
    expect(faultsOf(json())).to.deep.equal([]);
    return resourcesOf(json<Bundle>()).map(({ id }) => id);
  };

  for (const [query, ids] of [
    ['Schedule?_has:Slot:schedule:status=free', ['agenda-tremblay']],
    ['Schedule?_has:Slot:schedule:status=busy', ['agenda-gagnon']],
    ['Schedule?_has:Slot:schedule:status:not=free', ['agenda-gagnon']],
    ['Schedule?_has:Slot:schedule:status=free,busy', ['agenda-gagnon', 'agenda-tremblay']],
    ['Schedule?_has:Slot:schedule:start=lt2020', []],
    ['Schedule?_has:Slot:schedule:status=free&_has:Slot:schedule:status=busy', []],
    ['Schedule?_has:Slot:schedule:status=free&_id=agenda-gagnon', []],
    ['Schedule?_has:Slot:schedule:schedule.actor:Practitioner.name=gagnon', ['agenda-gagnon']],
    ['Practitioner?_has:Schedule:actor:_has:Slot:schedule:status=free', ['tremblay']],
    ['Practitioner?_has:PractitionerRole:practitioner:active=true', ['gagnon', 'tremblay']],
    ['Location?_has:Schedule:actor:_has:Slot:schedule:status=busy', ['verdun']],
    ['HealthcareService?_has:Schedule:actor:actor=Practitioner/nobody', []],
    ['Organization?_has:Location:organization:name=clinique', ['clinique']],
  ] as const) {
    it(`finds ${query}`, async () => {
      expect(await found(query)).to.deep.equal(ids);
    });
  }

  it('takes no slot of a stale source for free', async () => {
    // What is stale is remembered for a second, and here none passes: so by a front of its own.
    const stale = await serve({ slots: 6 });
    try {
      stale.world.stale.set('vendor', NOW);
      const query = '_has:Slot:schedule:status=free';
      const { json } = await stale.request('GET', `/fhir/Schedule?${query}`);
      expect(json<Bundle>().total).to.equal(0);
    } finally {
      await stale.close();
    }
  });

  it('is in the links, and in a form', async () => {
    const body = '_has:Slot:schedule:status=free&_count=1';
    const { json } = await served.request('POST', '/fhir/Schedule/_search', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });
    const bundle = json<Bundle>();
    expect(bundle.total).to.equal(1);
    expect(decodeURIComponent(bundle.link?.[0]?.url ?? '')).to.contain(body);
  });

  for (const query of [
    'Slot?_has:Appointment:slot:status=booked',
    'Schedule?_has:Slot:status:status=free',
    'Schedule?_has:Slot:schedule:colour=red',
    'Schedule?_has:Slot:schedule:_count=1',
    'Schedule?_has:Slot:schedule',
    'Schedule?_has:Nothing:schedule:x=1',
    'Practitioner?_has:Schedule:actor:_has:Schedule:actor:active=true',
    'Schedule?_has:Slot:schedule:status=open',
  ]) {
    it(`refuses ${query}, also without strict handling`, async () => {
      const { status, text } = await served.request('GET', `/fhir/${query}`);
      expect(status, text).to.equal(400);
      expect((JSON.parse(text) as OperationOutcome).issue[0]?.expression?.[0]).to.match(/^http\./);
    });
  }

  it('is told by the metadata, and all of it is taken', async () => {
    const statement = (await served.request('GET', '/fhir/metadata')).json<CapabilityStatement>();
    let count = 0;
    for (const { type, documentation = '' } of statement.rest?.[0]?.resource ?? []) {
      for (const [, chain = ''] of documentation.matchAll(/(_has:\S+):<parameter>/g)) {
        count += 1;
        expect(await found(`${type}?${chain}:_id=x`), `${type} ${chain}`).to.deep.equal([]);
      }
    }
    expect(count).to.be.greaterThan(5);
  });
});

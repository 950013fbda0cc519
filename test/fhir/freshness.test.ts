import { expect } from 'chai';
import type { Bundle, Slot } from 'fhir/r4.js';
import { EXTENSION } from '../../mappings/fhir/canonical.ts';
import { parseInstant } from '../../src/domain/instant.ts';
import { slotRow, uuid } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { resourcesOf, type Served, serve } from '../support/served-front.ts';

const SINCE = '2026-11-23T12:00:00.000Z';

describe('fhir: what is stale is said (design.md, rule 6)', () => {
  let served: Served;
  before(async () => {
    served = await serve({ slots: 0 });
    served.world.slots = [
      slotRow(1),
      slotRow(2, { connectionId: 'public' }),
      slotRow(3, { status: 'busy' }),
      slotRow(4, { connectionId: 'public', status: 'busy' }),
      slotRow(5, { connectionId: 'forgotten', calendar: 'nobody' }),
    ];
    served.world.stale.set('public', parseInstant(SINCE));
  });
  after(() => served.close());

  const search = async (query: string): Promise<{ statuses: Record<string, string>; warnings: string }> => {
    const bundle = (await served.request('GET', `/fhir/Slot${query}`)).json<Bundle>();
    expect(faultsOf(bundle)).to.deep.equal([]);
    const statuses = resourcesOf<Slot>(bundle).map((slot) => [slot.id, slot.status]);
    return {
      statuses: Object.fromEntries(statuses),
      warnings: JSON.stringify(resourcesOf(bundle, 'outcome')),
    };
  };

  it('leaves it out where free slots are asked for, and says whose and since when', async () => {
    const { statuses, warnings } = await search('?status=free');
    expect(statuses).to.deep.equal({ [uuid(1)]: 'free' });
    expect(warnings).to.contain('public').and.contain(SINCE).and.contain('incomplete');
    expect(warnings).to.not.contain('vendor');
  });

  it('serves it as busy-unavailable where every status is asked for', async () => {
    const { statuses, warnings } = await search('');
    expect(statuses).to.deep.equal({
      [uuid(1)]: 'free',
      [uuid(2)]: 'busy-unavailable',
      [uuid(3)]: 'busy',
      [uuid(4)]: 'busy',
      [uuid(5)]: 'busy-unavailable',
    });
    expect(warnings).to.contain(SINCE);
  });

  it('serves it as busy-unavailable where that is asked for beside free', async () => {
    const { statuses } = await search('?status=free,busy-unavailable');
    expect(statuses[uuid(2)]).to.equal('busy-unavailable');
  });

  it('does not warn where nothing free was asked for', async () => {
    const { statuses, warnings } = await search('?status=busy');
    expect(statuses).to.deep.equal({ [uuid(3)]: 'busy', [uuid(4)]: 'busy' });
    expect(warnings).to.equal('[]');
  });

  it('warns of the schedules that were asked for only', async () => {
    expect((await search('?status=free&schedule=agenda-gagnon')).warnings).to.contain(SINCE);
    expect((await search('?status=free&schedule=nobody')).warnings).to.equal('[]');
  });

  it('serves it as it was last known when asked to', async () => {
    const { statuses, warnings } = await search('?status=free&stale=include');
    expect(statuses).to.deep.equal({ [uuid(1)]: 'free', [uuid(2)]: 'free', [uuid(5)]: 'free' });
    expect(warnings).to.equal('[]');
  });

  it('says so of a single slot too', async () => {
    const read = async (path: string): Promise<Slot> => (await served.request('GET', path)).json<Slot>();
    const slot = await read(`/fhir/Slot/${uuid(2)}`);
    expect(faultsOf(slot)).to.deep.equal([]);
    expect(slot.status).to.equal('busy-unavailable');
    expect(slot.meta?.extension).to.deep.equal([
      { url: EXTENSION.lastConfirmed, valueInstant: SINCE },
      { url: EXTENSION.stale, valueBoolean: true },
    ]);
    expect((await read(`/fhir/Slot/${uuid(2)}?stale=include`)).status).to.equal('free');
    expect((await read(`/fhir/Slot/${uuid(1)}`)).status).to.equal('free');
  });

  it('says never of a source that was never read', async () => {
    const fresh = await serve({ slots: 2 });
    fresh.world.stale.set('vendor', null);
    const bundle = (await fresh.request('GET', '/fhir/Slot?status=free')).json<Bundle>();
    await fresh.close();
    expect(resourcesOf(bundle)).to.deep.equal([]);
    expect(JSON.stringify(bundle.entry)).to.contain('never confirmed');
  });

  it('is over as soon as the source is read again', async () => {
    const back = await serve({ slots: 2 });
    back.world.stale.set('vendor', parseInstant(SINCE));
    const statusOf = async (): Promise<string> =>
      (await back.request('GET', `/fhir/Slot/${uuid(1)}`)).json<Slot>().status;
    const before = await statusOf();
    back.world.stale.clear();
    const after = await statusOf();
    await back.close();
    expect([before, after]).to.deep.equal(['busy-unavailable', 'free']);
  });
});

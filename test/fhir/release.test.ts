import { expect } from 'chai';
import type { Bundle, OperationOutcome, Slot } from 'fhir/r4.js';
import { EXTENSION } from '../../mappings/fhir/canonical.ts';
import { formatInstant, HOUR, MINUTE, parseInstant, plus } from '../../src/domain/instant.ts';
import { FIRST_START, NOW, uuid } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { bookingOf } from '../support/incoming-appointment.ts';
import { resourcesOf, type Served, serve } from '../support/served-front.ts';

/** Slots 1, 3, 5, 7 are Dr Gagnon's, each 20 minutes after the other; 2, 4, 6 are another's, who has no such rule. */
describe('fhir: a slot that is not released yet', () => {
  let served: Served;
  before(async () => {
    const release = { kind: 'before', milliseconds: 24 * HOUR } as const;
    const shares = { east: 1, west: 1 };
    const dealt = { shares, unitMinutes: 60, pooledMillisecondsBefore: HOUR };
    const sharing = { mode: 'allotted', ...dealt } as const;
    served = await serve({ slots: 7, policy: { release, sharing } });
    // Those from the third of Dr Gagnon's on.
    served.world.releasedUntil = plus(FIRST_START, 40 * MINUTE);
    served.world.slots = served.world.slots.map((row) =>
      row.id === uuid(7) ? { ...row, status: 'busy' as const } : row,
    );
  });
  after(() => served.close());

  const search = async (query: string): Promise<Record<string, string>> => {
    const bundle = (await served.request('GET', `/fhir/Slot${query}`)).json<Bundle>();
    expect(faultsOf(bundle)).to.deep.equal([]);
    return Object.fromEntries(
      resourcesOf<Slot>(bundle).map((slot) => [Number.parseInt((slot.id ?? '').slice(-2), 16), slot.status]),
    );
  };
  const FREE = { 1: 'free', 2: 'free', 3: 'free', 4: 'free', 6: 'free' };

  it('is served as one that another platform is to sell, until all do', async () => {
    const slots = served.world.slots;
    served.world.slots = slots.map((row) => (row.id === uuid(1) ? { ...row, withheld: true } : row));
    try {
      expect(await search('?status=free')).to.deep.equal({ 2: 'free', 3: 'free', 4: 'free', 6: 'free' });
      expect(await search('?status=free,busy-unavailable')).to.deep.include({ 1: 'busy-unavailable' });
      const slot = (await served.request('GET', `/fhir/Slot/${uuid(1)}`)).json<Slot>();
      expect(faultsOf(slot)).to.deep.equal([]);
      expect(slot.status).to.equal('busy-unavailable');
      expect(slot.meta?.extension?.find(({ url }) => url === EXTENSION.bookableFrom)?.valueInstant).to.equal(
        formatInstant(plus(parseInstant(slot.start), -HOUR)),
      );
    } finally {
      served.world.slots = slots;
    }
  });

  it('says nothing of when, where no clock opens it', async () => {
    const slots = served.world.slots;
    served.world.slots = slots.map((row) => (row.id === uuid(2) ? { ...row, withheld: true } : row));
    try {
      const slot = (await served.request('GET', `/fhir/Slot/${uuid(2)}`)).json<Slot>();
      expect(slot.status).to.equal('busy-unavailable');
      expect(slot.meta?.extension?.some(({ url }) => url === EXTENSION.bookableFrom)).to.equal(false);
    } finally {
      served.world.slots = slots;
    }
  });

  it('is left out where free slots are asked for, and counted neither', async () => {
    expect(await search('?status=free')).to.deep.equal(FREE);
    const counted = (await served.request('GET', '/fhir/Slot?status=free&_summary=count')).json<Bundle>();
    expect(counted.total).to.equal(5);
  });

  it('is no schedule’s but that of the rule, and none of a schedule without one', async () => {
    expect(await search('?status=free&schedule=agenda-gagnon')).to.deep.equal({ 1: 'free', 3: 'free' });
    expect(await search('?status=free&schedule=agenda-tremblay')).to.deep.equal({
      2: 'free',
      4: 'free',
      6: 'free',
    });
  });

  it('is not found by a range that begins after the bound', async () => {
    expect(
      await search('?status=free&schedule=agenda-gagnon&start=ge2026-11-24T09:40:00-05:00'),
    ).to.deep.equal({});
  });

  it('is busy-unavailable where every status is asked for, and busy where it is taken', async () => {
    expect(await search('')).to.deep.equal({ ...FREE, 5: 'busy-unavailable', 7: 'busy' });
    expect(await search('?status=free,busy-unavailable')).to.deep.equal({ ...FREE, 5: 'busy-unavailable' });
    expect(await search('?status=free,busy')).to.deep.equal({ ...FREE, 7: 'busy' });
  });

  it('tells from when it may be booked, and is opened by no wish for stale ones', async () => {
    for (const query of ['', '?stale=include']) {
      const slot = (await served.request('GET', `/fhir/Slot/${uuid(5)}${query}`)).json<Slot>();
      expect(faultsOf(slot)).to.deep.equal([]);
      expect(slot.status).to.equal('busy-unavailable');
      const from = plus(FIRST_START, NOW - FIRST_START);
      expect(slot.meta?.extension).to.deep.equal([
        { url: EXTENSION.bookableFrom, valueInstant: new Date(from).toISOString() },
        { url: EXTENSION.lastConfirmed, valueInstant: new Date(NOW).toISOString() },
      ]);
    }
    const other = (await served.request('GET', `/fhir/Slot/${uuid(1)}`)).json<Slot>();
    expect(other.meta?.extension?.map(({ url }) => url)).to.deep.equal([EXTENSION.lastConfirmed]);
  });

  it('is refused with 409 that says from when, where the clinic is', async () => {
    served.world.bookOutcome = { outcome: 'not-released', from: parseInstant('2026-11-24T05:00:00Z') };
    const body = bookingOf(uuid(1));
    const { status, text } = await served.request('POST', '/fhir/Appointment', { body });
    served.world.bookOutcome = null;
    expect(status).to.equal(409);
    const [issue] = (JSON.parse(text) as OperationOutcome).issue;
    expect(issue?.code).to.equal('business-rule');
    expect(issue?.diagnostics).to.contain('from 2026-11-24T00:00:00-05:00 on');
  });
});

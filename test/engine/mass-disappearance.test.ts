import { expect } from 'chai';
import { DAY } from '../../src/domain/instant.ts';
import { scheduleOf } from '../support/clinic-configuration.ts';
import { MirroredClinic } from '../support/mirrored-clinic.ts';
import { until } from '../support/servers.ts';
import { ACTORS, type SimSlot } from '../support/simulated-site.ts';

type Status = { readonly connections: readonly { readonly id: string; readonly slots: number }[] };
type Bundle = { readonly entry?: readonly { readonly resource: { readonly meta?: { source: string } } }[] };

describe('RVSQ loses most of its agenda', function () {
  this.timeout(120_000);
  let clinic: MirroredClinic;
  /** The vendor's slots that a booking on RVSQ closes. */
  let closed: SimSlot[] = [];
  let atFirst: { readonly slots: number; readonly writes: number };

  before(async () => {
    clinic = await MirroredClinic.open();
    const later = await clinic.rvsq.laterSlots();
    for (const slot of [later[3], later[30], later[60]]) {
      if (!slot) throw new Error('no free slot');
      await clinic.rvsq.book(slot.id);
      closed = [...closed, ...(await clinic.vendor.overlapping(slot))];
    }
    await until('both platforms agree', () => clinic.converged());
    atFirst = { slots: await slotsKnown(), writes: (await clinic.vendor.writes()).length };
    lose();
    await until('it is suspect', async () =>
      (await reasons()).some((reason) => reason.startsWith('suspect')),
    );
  });
  after(() => clinic?.close());

  /** Slots, bookings and blocks, ours among them; what is left is a dozen of slots. */
  function lose(): void {
    const { agenda } = clinic.simulators.rvsq;
    for (const { id } of agenda.calendars) {
      for (const record of [...agenda.busy(id)]) agenda.remove(record);
      for (const record of [...agenda.slots(id)].slice(0, -12)) agenda.remove(record);
    }
  }
  async function slotsKnown(): Promise<number> {
    const { json } = await clinic.ask<Status>('GET', '/api/status');
    return json.connections.find(({ id }) => id === 'rvsq')?.slots ?? 0;
  }
  async function reasons(): Promise<string[]> {
    const response = await fetch(`${clinic.url}/readyz`);
    const { connections } = (await response.json()) as { connections: { id: string; reasons: string[] }[] };
    return connections.flatMap((each) => each.reasons);
  }
  const search = async (query: string) =>
    (await clinic.ask<Bundle>('GET', `/fhir/Slot?_count=500&${query}`)).json.entry ?? [];
  const sourcesOf = (entries: Awaited<ReturnType<typeof search>>): string[] =>
    entries.flatMap(({ resource }) => resource.meta?.source.split('/').at(-1) ?? []);
  const statuses = async () =>
    new Set(await Promise.all(closed.map(async ({ id }) => (await clinic.vendor.slot(id)).status)));

  it('and nothing is closed or reopened anywhere, however often it is read', async () => {
    await clinic.polls();
    expect(await statuses()).to.deep.equal(new Set(['blocked']));
    expect((await clinic.vendor.writes()).length).to.equal(atFirst.writes);
    expect(await slotsKnown()).to.equal(atFirst.slots);
    expect(clinic.events.filter(({ type }) => type === 'busy.ended')).to.deep.equal([]);
    expect(clinic.events.filter(({ type }) => type === 'feed.suspect')).to.have.length(1);
  });

  it('and its slots are not served as free, while the other platform’s are', async () => {
    const sources = async (stale: string) => new Set(sourcesOf(await search(`status=free${stale}`)));
    expect(await sources('')).to.deep.equal(new Set(['bonjour-sante']));
    expect(await sources('&stale=include')).to.deep.equal(new Set(['bonjour-sante', 'rvsq']));
  });

  it('and what is booked there now is closed at the other all the same', async () => {
    const slot = (await clinic.rvsq.laterSlots(ACTORS[1])).at(-1);
    if (!slot) throw new Error('no slot is left');
    const booking = await clinic.rvsq.book(slot.id);
    const there = async () => (await clinic.vendor.overlapping(slot)).map(({ status }) => status);
    await until('it is closed', async () => (await there()).every((status) => status === 'blocked'));
    await clinic.rvsq.cancel(booking);
  });

  it('and is taken at its word when a person confirms it', async () => {
    const nobody = await clinic.ask('POST', '/api/connections/nobody/confirm');
    expect(nobody.status).to.equal(404);
    const { json } = await clinic.ask('POST', '/api/connections/rvsq/confirm');
    expect(json).to.deep.equal({ confirmed: ['*'] });
    await until('the vendor has reopened', async () => (await statuses()).has('free'));
    await until('all of it', async () => (await statuses()).size === 1);
    // From tomorrow on: a slot that has begun is left as it was known.
    const tomorrow = new Date(Date.now() + DAY).toISOString();
    const sources = sourcesOf(await search(`start=ge${tomorrow}&schedule=${scheduleOf(ACTORS[0])}`));
    expect(sources.filter((source) => source === 'rvsq')).to.have.length(12);
    expect(await reasons()).to.deep.equal([]);
    expect((await clinic.ask('POST', '/api/connections/rvsq/confirm')).json).to.deep.equal({ confirmed: [] });
  });
});

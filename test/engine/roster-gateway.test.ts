import { expect } from 'chai';
import type { PlannedShift } from '../../adapters/roster/simulator/rosters.ts';
import { type RosterSimulator, startSimulator } from '../../adapters/roster/simulator/start.ts';
import { parseInstant } from '../../src/domain/instant.ts';
import { overlaps } from '../../src/domain/interval.ts';
import { homeAgendaOnly, SLOTS_OF_A_DOCTOR } from '../support/home-agenda-only.ts';
import { ACTORS, MirroredClinic, type SimSlot } from '../support/mirrored-clinic.ts';
import { until } from '../support/servers.ts';

const [TREMBLAY, GAGNON] = ACTORS;

type Outside = {
  readonly count: number;
  readonly items: readonly { readonly cause: string; readonly start: string }[];
};
type Report = { readonly schedule: string; readonly phantoms: Outside; readonly bookedOutside: Outside };

describe('a roster beside a vendor that is published on RVSQ', function () {
  this.timeout(120_000);
  let roster: RosterSimulator;
  let clinic: MirroredClinic;
  /** One that covers slots of that doctor, by what stands at the vendor. */
  const shiftOf = (actor: string, slots: readonly SimSlot[]): PlannedShift => {
    const found = roster.rosters.shifts.find(
      (shift) => shift.practitioner === actor && slots.some((slot) => isIn(slot, shift)),
    );
    if (!found) throw new Error(`${actor} has no shift with a slot`);
    return found;
  };
  const isIn = (slot: SimSlot, { interval }: Pick<PlannedShift, 'interval'>): boolean =>
    overlaps({ start: parseInstant(slot.start), end: parseInstant(slot.end) }, interval);
  const reportOf = async (actor: string): Promise<Report> => {
    const { json } = await clinic.ask<{ rosters: Report[] }>('GET', `/api/roster?schedule=${actor}-ici`);
    const [found] = json.rosters;
    if (!found) throw new Error('no report');
    return found;
  };
  /** How the slots of a shift stand at the vendor, and how many are on offer at RVSQ. */
  const stands = async (actor: string, shift: PlannedShift): Promise<string> => {
    const home = (await clinic.vendor.slots(actor)).filter((slot) => isIn(slot, shift));
    const there = (await clinic.rvsq.slots(actor)).filter((slot) => isIn(slot, shift));
    return `${home.map(({ status }) => status).join(' ')}, ${there.length} on RVSQ`;
  };
  const becomes = (actor: string, shift: PlannedShift, wanted: string): Promise<void> =>
    until(`${actor}: ${wanted}`, async () => (await stands(actor, shift)) === wanted);

  let shift: PlannedShift;
  let covered: readonly SimSlot[];
  const free = () => `${covered.map(() => 'free').join(' ')}, ${covered.length} on RVSQ`;
  const closed = () => `${covered.map(() => 'blocked').join(' ')}, 0 on RVSQ`;

  before(async () => {
    roster = await startSimulator({ actors: [...ACTORS], days: 20 });
    clinic = await MirroredClinic.open({
      topology: { vendor: 'block', rvsq: 'publish' },
      roster: roster.url,
      prepare: (simulators) => {
        homeAgendaOnly(simulators);
        // Dre Gagnon offers what her roster never had.
        const [first] = simulators.vendor.agenda.slots(`ag-${GAGNON}`);
        for (const each of roster.rosters.shifts)
          if (first && each.practitioner === GAGNON && overlaps(each.interval, first.interval))
            roster.rosters.remove(each.id);
      },
    });
    await until('everything is published', async () => {
      const offered = await Promise.all(ACTORS.map((actor) => clinic.rvsq.slots(actor)));
      return offered.flat().length === 2 * SLOTS_OF_A_DOCTOR;
    });
    const slots = await clinic.vendor.slots(TREMBLAY);
    shift = shiftOf(TREMBLAY, slots);
    covered = slots.filter((slot) => isIn(slot, shift));
  });
  after(async () => {
    await clinic?.close();
    await roster?.close();
  });

  it('closes nothing, and reports what is on offer without a shift', async () => {
    expect(await stands(TREMBLAY, shift)).to.equal(free());
    const { phantoms } = await reportOf(GAGNON);
    expect(phantoms.count).to.be.greaterThan(0);
    expect(new Set(phantoms.items.map(({ cause }) => cause))).to.deep.equal(new Set(['outside']));
    expect(
      (await reportOf(TREMBLAY)).phantoms.items.filter(({ cause }) => cause === 'withdrawn'),
    ).to.deep.equal([]);
  });

  it('has a shift that is withdrawn closed at both, what is booked kept, and opened when it is back', async () => {
    const [first] = covered;
    if (!first) throw new Error('the shift has slots');
    const booking = await clinic.vendor.book(first.id);
    await until(
      'it is withdrawn from RVSQ',
      async () => !(await clinic.rvsq.slots(TREMBLAY)).some((slot) => slot.start === first.start),
    );
    roster.rosters.remove(shift.id);
    const kept = covered.map((slot) => (slot === first ? 'busy' : 'blocked')).join(' ');
    await becomes(TREMBLAY, shift, `${kept}, 0 on RVSQ`);
    const { bookedOutside } = await reportOf(TREMBLAY);
    expect(bookedOutside.items.map(({ cause, start }) => [cause, parseInstant(start)])).to.deep.equal([
      ['withdrawn', parseInstant(first.start)],
    ]);
    const told = clinic.events.filter(({ type }) => type === 'appointment.unsupplied');
    expect(told).to.have.length(1);
    shift = roster.rosters.add(shift);
    await clinic.vendor.cancel(booking);
    await becomes(TREMBLAY, shift, free());
    expect((await reportOf(TREMBLAY)).bookedOutside.count).to.equal(0);
  });

  it('has a shift that two doctors swap closed for the one alone', async () => {
    roster.rosters.change(shift.id, { practitioner: GAGNON });
    await becomes(TREMBLAY, shift, closed());
    roster.rosters.change(shift.id, { practitioner: TREMBLAY });
    await becomes(TREMBLAY, shift, free());
  });

  it('closes nothing where all of it is gone at once: it is suspect until it is back', async () => {
    const all = roster.rosters.shifts;
    for (const { id } of all) roster.rosters.remove(id);
    const suspects = async () => {
      const { json } = await clinic.ask<{
        connections: { id: string; suspects: { shifts?: { missing: number } }[] }[];
      }>('GET', '/api/status');
      return json.connections.find(({ id }) => id === 'horaire')?.suspects ?? [];
    };
    await until('it is suspect', async () => (await suspects()).length === 1);
    expect((await suspects())[0]?.shifts?.missing).to.be.greaterThan(40);
    expect(await stands(TREMBLAY, shift)).to.equal(free());
    for (const each of all) roster.rosters.restore(each);
    await until('it is trusted again', async () => (await suspects()).length === 0);
    expect(await stands(TREMBLAY, shift)).to.equal(free());
  });
});

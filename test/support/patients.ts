import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import type { Appointment, Bundle } from 'fhir/r4.js';
import { seededRandom } from '../../src/adapter/simulator/random.ts';
import type { Random } from '../../src/domain/environment.ts';
import type { MirroredClinic } from './mirrored-clinic.ts';
import { until } from './servers.ts';
import { ACTORS, disagreements, type SimPeriod, type SimulatedSite } from './simulated-site.ts';

/** Patients who book and cancel on both platforms while a test breaks something, and what must hold afterwards. */

const BOOKINGS_MAX = 120;

/** Patients on both sites at once, until `stop`, which resolves when the last of them has gone. */
export function openForBusiness(clinic: MirroredClinic): { readonly stop: () => Promise<void> } {
  const stopped = new AbortController();
  const sales = Promise.all([
    trade(clinic.vendor, seededRandom('the vendor’s patients'), stopped.signal),
    trade(clinic.rvsq, seededRandom('RVSQ’s patients'), stopped.signal),
  ]);
  // A failure is told by `stop`, and must not end the run before.
  sales.catch(() => undefined);
  return {
    stop: async () => {
      stopped.abort();
      await sales;
    },
  };
}

/** Patients of one platform: they book what is shown as free, and now and then one cancels. */
async function trade(site: SimulatedSite, random: Random, signal: AbortSignal): Promise<void> {
  const own: string[] = [];
  let sold = 0;
  while (!signal.aborted && sold < BOOKINGS_MAX) {
    await wait(150 + random.next() * 500);
    const free = await site.laterSlots(ACTORS[Math.floor(random.next() * ACTORS.length)]);
    const slot = free[Math.floor(random.next() * free.length)];
    if (!slot) throw new Error('everything is sold: the test is too long for its agenda');
    const { status, json } = await site.call<{ id: string }>('POST', 'bookings', { slotId: slot.id });
    // Between the look and the booking a block of ours may have closed it.
    if (status === 409) continue;
    expect(status).to.equal(201);
    own.push(json.id);
    sold += 1;
    if (random.next() < 0.25)
      await site.cancel(own.splice(Math.floor(random.next() * own.length), 1)[0] ?? '');
  }
}

/** Waits for so many more periods to come and go on both sides, by the versions that the platforms count. */
export async function moreBookings(clinic: MirroredClinic, count: number): Promise<void> {
  const { vendor, rvsq } = clinic.simulators;
  const made = (): number => vendor.agenda.version + rvsq.agenda.version;
  const before = made();
  await until(`${count} more changes`, async () => made() >= before + count);
}

/** All that a patient was told holds, everywhere, once. @param deadlineMilliseconds for both platforms to agree. */
export async function expectAgreement(clinic: MirroredClinic, deadlineMilliseconds: number): Promise<void> {
  const { vendor, rvsq } = clinic;
  let last: string[] = [];
  await until(
    'both platforms agree, and Passerelle with them',
    async () => {
      last = await disagreements(vendor, rvsq);
      // A message that was held up tells of a booking that is gone by now, until the one about its end comes too.
      if (last.length === 0) last = await unlike(clinic);
      return last.length === 0;
    },
    deadlineMilliseconds,
  ).catch((error: unknown) => {
    throw new Error(`they disagree: ${last.join('; ')}`, { cause: error });
  });
  await onceEach(vendor);
  await onceEach(rvsq);
  expect(await clinic.converged(), 'a slot is closed exactly where the other side has a booking').to.equal(
    true,
  );
  const confirmed = await standing(clinic);
  expect(confirmed).not.to.deep.equal([]);
  expect((await inFhir(clinic)).sort()).to.deep.equal(confirmed);
}

const standing = async ({ vendor, rvsq }: MirroredClinic): Promise<string[]> =>
  [...(await bookingsOf(vendor)), ...(await bookingsOf(rvsq))].map(timeOf).sort();

/** Bookings that are known and nowhere, or the other way round. */
async function unlike(clinic: MirroredClinic): Promise<string[]> {
  const [there, here] = [await standing(clinic), await inFhir(clinic)];
  return [
    ...here.filter((each) => !there.includes(each)).map((each) => `${each} is known, and nowhere`),
    ...there.filter((each) => !here.includes(each)).map((each) => `${each} is not known`),
  ];
}

/** Listings that are still to be delivered. */
export async function differing(clinic: MirroredClinic): Promise<number> {
  const { json } = await clinic.ask<{ connections: { differing: number }[] }>('GET', '/api/status');
  return json.connections.reduce((sum, connection) => sum + connection.differing, 0);
}

const bookingsOf = async (site: SimulatedSite): Promise<SimPeriod[]> =>
  (await site.periods()).filter((period) => period.kind === 'booked');

async function onceEach(site: SimulatedSite): Promise<void> {
  const references = (await site.periods()).flatMap((period) => period.reference ?? []);
  expect(new Set(references).size, 'no block was made twice').to.equal(references.length);
}

const timeOf = ({ actor, start, end }: Pick<SimPeriod, 'actor' | 'start' | 'end'>): string =>
  `${actor} ${Date.parse(start)} ${Date.parse(end)}`;

/** Every booked appointment, page by page, as any client reads it. */
async function inFhir(clinic: MirroredClinic): Promise<string[]> {
  const found: Appointment[] = [];
  let next: string | undefined = `${clinic.url}/fhir/Appointment?status=booked&_count=50`;
  while (next !== undefined) {
    const { status, json }: { status: number; json: Bundle<Appointment> } = await clinic.ask('GET', next);
    expect(status).to.equal(200);
    found.push(...(json.entry ?? []).flatMap((entry) => entry.resource ?? []));
    next = json.link?.find((link) => link.relation === 'next')?.url;
  }
  return found.map(({ participant, start = '', end = '' }) => {
    const actor = participant.find((each) => each.actor?.reference?.startsWith('Practitioner/'));
    return timeOf({ actor: actor?.actor?.reference?.slice('Practitioner/'.length) ?? '', start, end });
  });
}

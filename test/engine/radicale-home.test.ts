import { expect } from 'chai';
import type { CaldavServer } from '../../adapters/caldav/bench/server.ts';
import { CALDAV_SERVERS } from '../../adapters/caldav/bench/servers.ts';
import { fromLocal, toLocal } from '../../src/adapter/zone.ts';
import { DAY, type Instant, instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { timed } from '../support/caldav-client.ts';
import { HomeAgenda, PLAN } from '../support/home-agenda.ts';
import { requireServer, until } from '../support/servers.ts';
import { ACTORS, type SimSlot } from '../support/simulated-site.ts';

const ZONE = 'America/Toronto';
/** Made up. */
const PATIENT = {
  ...{ family: 'Fictif-Lacasse', given: 'Zénobie', phone: '514-555-0123' },
  nam: 'LACZ99090915',
};
const FOREIGN = 'autre-client.ics';

for (const kind of CALDAV_SERVERS) {
  describe(`${kind.name} as the home agenda`, function () {
    this.timeout(120_000);
    let server: CaldavServer;
    before(
      requireServer(kind.name, kind.isPresent(), async () => {
        server = await kind.start();
      }),
    );
    after(() => server?.stop());

    describe('with RVSQ’s own slots closed by it', () => {
      let home: HomeAgenda;
      before(async () => {
        home = await HomeAgenda.open(server, 'block');
      });
      after(() => home?.close());

      it('closes there what an event of another client overlaps, and nothing else', async () => {
        const slot = await home.rvsq.laterSlot(2);
        await home.put(FOREIGN, eventAt(slot, 5, 20));
        await closedExactly(home, [2, 3]);
      });

      it('follows the event when it is moved', async () => {
        const slot = (await allLater(home))[7];
        if (!slot) throw new Error('no slot');
        await home.put(FOREIGN, eventAt(slot, 0, 20));
        await closedExactly(home, [7]);
      });

      it('opens again when the event is deleted', async () => {
        await home.delete(FOREIGN);
        await closedExactly(home, []);
      });

      it('shows a booking of RVSQ as an event without anything of the patient, until it is cancelled', async () => {
        const slot = await home.rvsq.laterSlot(12);
        const id = await home.rvsq.book(slot.id, PATIENT);
        await until('it is in the calendar', async () => (await home.standing()).size === 1);
        const [event] = [...(await home.standing()).values()];
        const text = event?.text ?? '';
        expect(text).to.match(/^SUMMARY:Occupé – Passerelle\r?$/m);
        expect(text).to.contain(`DTSTART:${utc(Date.parse(slot.start))}`);
        expect(text).to.contain(`DTEND:${utc(Date.parse(slot.end))}`);
        expectNoPatient(text);
        expectNoPatient(home.log);
        expect(home.log, 'the log is heard at all').to.contain('/readyz');
        await home.rvsq.cancel(id);
        await until('it is gone', async () => (await home.standing()).size === 0);
      });

      it('never takes its own event for news', async () => {
        const slot = await home.rvsq.laterSlot(15);
        await home.rvsq.book(slot.id);
        const foreign = (await allLater(home))[20];
        if (!foreign) throw new Error('no slot');
        await home.put(FOREIGN, eventAt(foreign, 0, 20));
        await until('both are there', async () => (await home.standing()).size === 2);
        await until('RVSQ is closed', async () => (await home.rvsq.slot(foreign.id)).status === 'blocked');
        await unchangedByPolls(home);
        const blocks = (await home.rvsq.periods()).filter((period) => period.kind === 'blocked');
        expect(blocks.map((period) => period.start)).to.deep.equal([foreign.start]);
      });
    });

    describe('with its working plan published on RVSQ', () => {
      let home: HomeAgenda;
      before(async () => {
        home = await HomeAgenda.open(server, 'publish');
      });
      after(() => home?.close());

      const startsOnRvsq = async (): Promise<number[]> =>
        (await allLater(home)).map((slot) => Date.parse(slot.start));

      it('offers there each slot of the plan, once', async () => {
        await until('the plan is published', async () => (await startsOnRvsq()).length >= planned().length);
        await home.polls(2);
        expect(await startsOnRvsq()).to.deep.equal(planned());
      });

      it('withdraws there what an event of another client overlaps, and offers it again afterwards', async () => {
        const before = await startsOnRvsq();
        const slot = (await allLater(home))[3];
        if (!slot) throw new Error('no slot');
        await home.put(FOREIGN, eventAt(slot, 10, 20));
        const left = before.filter((_, index) => index !== 3 && index !== 4);
        await until('two are withdrawn', async () => String(await startsOnRvsq()) === String(left));
        await home.delete(FOREIGN);
        await until('they are back', async () => String(await startsOnRvsq()) === String(before));
      });

      it('writes a booking of such a slot into the calendar, and puts the slot back when it is cancelled', async () => {
        const before = (await allLater(home)).map(({ id, start }) => `${id} ${start}`);
        const slot = await home.rvsq.laterSlot(6);
        const id = await home.rvsq.book(slot.id, PATIENT);
        await until('it is in the calendar', async () => (await home.standing()).size === 1);
        const [event] = [...(await home.standing()).values()];
        expect(event?.text).to.contain(`DTSTART:${utc(Date.parse(slot.start))}`);
        expectNoPatient(event?.text ?? '');
        expectNoPatient(home.log);
        await unchangedByPolls(home);
        expect((await home.rvsq.slot(slot.id)).status).to.equal('busy');

        await home.rvsq.cancel(id);
        await until('it is gone', async () => (await home.standing()).size === 0);
        await unchangedByPolls(home);
        const after = await allLater(home);
        expect(after.map(({ id: slotId, start }) => `${slotId} ${start}`)).to.deep.equal(before);
        expect(after.filter(({ status }) => status !== 'free')).to.deep.equal([]);
      });
    });
  });
}

/** An event of another client, `offset` minutes after the slot begins. */
function eventAt(slot: SimSlot, offsetMinutes: number, minutes: number): string {
  const start = Date.parse(slot.start) + offsetMinutes * MINUTE;
  return timed('autre-client', utc(start), utc(start + minutes * MINUTE));
}

const utc = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

const allLater = async ({ rvsq }: HomeAgenda): Promise<SimSlot[]> =>
  (await rvsq.slots(ACTORS[0])).filter((slot) => Date.parse(slot.start) > Date.now() + DAY);

/** Waits until just these of RVSQ's later slots are closed, by their index. */
const closedExactly = (home: HomeAgenda, indexes: readonly number[]): Promise<void> =>
  until(`closed: ${indexes}`, async () => {
    const closed = (await allLater(home)).flatMap(({ status }, index) => (status === 'free' ? [] : [index]));
    return String(closed) === String(indexes);
  });

/** Some readings of both later, nothing was written on either side. */
async function unchangedByPolls(home: HomeAgenda): Promise<void> {
  const sight = async () => ({ calendar: [...(await home.standing())], rvsq: await home.rvsq.writes() });
  const before = await sight();
  await home.polls(4);
  expect(await sight()).to.deep.equal(before);
}

function expectNoPatient(text: string): void {
  for (const word of Object.values(PATIENT)) expect(text).not.to.contain(word);
}

/** The starts of the plan's slots from tomorrow on, reckoned from the local clock. */
function planned(): number[] {
  const today = fromLocal(`${toLocal(instant(Date.now()), ZONE).slice(0, 10)}T12:00`, ZONE);
  const starts: Instant[] = [];
  for (let day = 0; day < PLAN.horizonDays; day += 1) {
    const date = toLocal(plus(today, day * DAY), ZONE).slice(0, 10);
    const end = fromLocal(`${date}T${PLAN.to}`, ZONE);
    const step = PLAN.slotMinutes * MINUTE;
    for (let at = fromLocal(`${date}T${PLAN.from}`, ZONE); at + step <= end; at = plus(at, step))
      starts.push(at);
  }
  return starts.filter((at) => at > Date.now() + DAY);
}

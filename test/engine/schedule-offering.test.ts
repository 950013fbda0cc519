import { expect } from 'chai';
import { manifest } from '../../adapters/rvsq/manifest.ts';
import type { ObservedSlot } from '../../src/adapter/observation.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { ON_OFFER } from '../../src/domain/offering.ts';
import type { Allotted, Calendar, Sharing } from '../../src/domain/schedule.ts';
import { UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import { allotTime } from '../../src/engine/allot.ts';
import { commitBatch } from '../../src/engine/commit.ts';
import { deliver } from '../../src/engine/deliver.ts';
import { observe, WHOLE_CONNECTION } from '../../src/engine/observe.ts';
import type { ScheduleChange } from '../../src/engine/ports/offerings.ts';
import { releaseOffers } from '../../src/engine/release-offers.ts';
import { at, CALENDARS, span, under } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { type RuledClinic, ruledClinic } from '../support/ruled-clinic.ts';

/** East and west sell the doctor's time in slots of 20 minutes, from 09:00 to 11:00, and somebody takes it off offer. */

const MINUTES = [0, 20, 40, 60, 80, 100];
const BOTH = ['east', 'west'] as const;
const FED: readonly Calendar[] = CALENDARS.map((calendar) => ({
  ...calendar,
  topology: calendar.connectionId === 'west' ? 'publish' : 'block',
}));
const ALLOTTED: Allotted = {
  mode: 'allotted',
  shares: { east: 1, west: 1 },
  unitMinutes: 60,
  pooledMillisecondsBefore: 12 * HOUR,
};

describe('a schedule', () => {
  onEachDatabase((open) => {
    let clinic: RuledClinic;

    const start = async (sharing: Sharing = { mode: 'shared' }, calendars = CALENDARS) => {
      clinic = await ruledClinic(open(), under({ sharing }, calendars));
    };
    const shown = async (connectionId: string, minutes = MINUTES) => {
      const rows = minutes.map(
        (from): ObservedSlot => ({
          kind: 'slot',
          externalId: `${connectionId}-${from}`,
          calendar: `${connectionId[0]}-doctor`,
          interval: span(from, from + 20),
          mark: null,
          revision: null,
          sequence: null,
          attributes: UNKNOWN_ATTRIBUTES,
        }),
      );
      const asOf = clinic.clock.now();
      await commitBatch(clinic.context, {
        ...{ connectionId, asOf, settledAt: null, rows, removed: [] },
        ...{ isFirst: false, missing: null },
      });
    };
    const offer = (change: Partial<ScheduleChange>) =>
      clinic.engine.offerSchedule({
        ...{ ...ON_OFFER, startText: null, endText: null, comment: null },
        ...{ scheduleId: 'doctor-here', ifVersion: null, ...change },
      });
    const told = async () => {
      for (const connectionId of BOTH)
        await deliver(clinic.context, connectionId, new AbortController().signal);
    };
    const minutesOf = (rows: readonly { start_ms: number }[]): number[] =>
      rows.map((row) => (row.start_ms - at(0)) / MINUTE);
    /** What Passerelle would sell there. */
    const sellable = async (connectionId: string): Promise<number[]> =>
      minutesOf(
        await open().query<{ start_ms: number }>(
          `select start_ms from slot where connection_id = $1 and status = 'free' and not withheld order by start_ms`,
          [connectionId],
        ),
      );
    /** Where something of ours stands there. */
    const standing = async (connectionId: string, kind: 'block' | 'offer'): Promise<number[]> =>
      minutesOf(
        await open().query<{ start_ms: number }>(
          'select start_ms from listing where connection_id = $1 and kind = $2 and known is not null order by start_ms',
          [connectionId, kind],
        ),
      );
    const slotAt = async (connectionId: string, minutes: number) => {
      const [row] = await open().query<{ id: string }>(
        'select id from slot where connection_id = $1 and start_ms = $2',
        [connectionId, at(minutes)],
      );
      const slot = await clinic.engine.find(row?.id ?? '');
      if (!slot) throw new Error('no such slot');
      return slot;
    };
    const book = async (connectionId: string, minutes: number, holdId: string | null = null) =>
      clinic.engine.book({
        slot: await slotAt(connectionId, minutes),
        ...{ patient: null, comment: null, holdId },
      });

    describe('that is taken off offer', () => {
      beforeEach(async () => {
        await start();
        for (const connectionId of BOTH) await shown(connectionId);
      });

      it('is closed on every platform, and nothing of it is booked or held', async () => {
        expect(await offer({ active: false })).to.deep.equal({ outcome: 'done' });
        expect(await book('east', 20)).to.deep.equal({ outcome: 'not-offered' });
        const held = await clinic.engine.hold({
          slot: await slotAt('west', 20),
          milliseconds: MINUTE,
        });
        expect(held).to.deep.equal({ outcome: 'not-offered' });
        await told();
        for (const connectionId of BOTH) {
          expect(await sellable(connectionId), connectionId).to.deep.equal([]);
          expect(await standing(connectionId, 'block'), connectionId).to.deep.equal(MINUTES);
        }
      });

      it('is open again as it was once it is on offer', async () => {
        await offer({ active: false });
        await told();
        await offer({ active: true });
        await told();
        for (const connectionId of BOTH) {
          expect(await sellable(connectionId), connectionId).to.deep.equal(MINUTES);
          expect(await standing(connectionId, 'block'), connectionId).to.deep.equal([]);
        }
        expect(await book('east', 20)).to.include({ outcome: 'booked' });
      });

      it('keeps what is booked, and its time is not on offer when that is cancelled', async () => {
        const booked = await book('east', 40);
        if (booked.outcome !== 'booked') throw new Error(booked.outcome);
        await told();
        await offer({ active: false });
        await told();
        expect(await standing('east', 'block')).to.deep.equal(MINUTES.filter((minutes) => minutes !== 40));
        expect((await clinic.engine.cancel(booked.appointment.id)).outcome).to.equal('cancelled');
        await told();
        for (const connectionId of BOTH) {
          expect(await sellable(connectionId), connectionId).to.deep.equal([]);
          expect(await standing(connectionId, 'block'), connectionId).to.deep.equal(MINUTES);
        }
      });

      it('lets whoever holds time book it', async () => {
        const held = await clinic.engine.hold({
          slot: await slotAt('east', 0),
          milliseconds: MINUTE,
        });
        if (held.outcome !== 'held') throw new Error(held.outcome);
        await offer({ active: false });
        expect(await book('east', 0, held.appointment.id)).to.include({ outcome: 'booked' });
      });

      it('closes what a platform shows from then on, as it is read', async () => {
        await offer({ active: false });
        await shown('east', [140]);
        expect(await sellable('east')).to.deep.equal([]);
        await told();
        expect(await standing('east', 'block')).to.deep.equal([...MINUTES, 140]);
      });

      it('is no other schedule', async () => {
        await offer({ active: false, scheduleId: 'walk-in-here' });
        expect(await sellable('east')).to.deep.equal(MINUTES);
        expect(await offer({ scheduleId: 'nobody' })).to.deep.equal({ outcome: 'unknown-schedule' });
      });

      it('stays as it is whatever looks at it', async () => {
        await offer({ active: false });
        await told();
        const asked = clinic.asked.length;
        await releaseOffers(clinic.context)();
        await allotTime(clinic.context)();
        for (const connectionId of BOTH) await shown(connectionId);
        await told();
        expect(clinic.asked).to.have.length(asked);
        expect(await sellable('east')).to.deep.equal([]);
      });
    });

    describe('that is on offer for a while', () => {
      beforeEach(async () => {
        await start();
        for (const connectionId of BOTH) await shown(connectionId);
      });

      it('is closed where a slot reaches beyond it', async () => {
        await offer({ start: at(20), end: at(90) });
        await told();
        expect(await sellable('east')).to.deep.equal([20, 40, 60]);
        expect(await standing('west', 'block')).to.deep.equal([0, 80, 100]);
        expect(await book('east', 80)).to.deep.equal({ outcome: 'not-offered' });
      });

      it('is opened and closed as its bounds are moved', async () => {
        await offer({ end: at(40) });
        await told();
        await offer({ start: at(40) });
        await told();
        expect(await sellable('west')).to.deep.equal([40, 60, 80, 100]);
        expect(await standing('west', 'block')).to.deep.equal([0, 20]);
      });
    });

    describe('that is published elsewhere', () => {
      beforeEach(async () => {
        await start({ mode: 'shared' }, FED);
        await shown('east');
        await told();
      });

      it('is withdrawn there, and published again', async () => {
        expect(await standing('west', 'offer')).to.deep.equal(MINUTES);
        await offer({ end: at(60) });
        await told();
        expect(await standing('west', 'offer')).to.deep.equal([0, 20, 40]);
        await releaseOffers(clinic.context)();
        await told();
        expect(await standing('west', 'offer')).to.deep.equal([0, 20, 40]);
        await offer({});
        await told();
        expect(await standing('west', 'offer')).to.deep.equal(MINUTES);
      });
    });

    describe('whose time is allotted', () => {
      beforeEach(async () => {
        await start(ALLOTTED);
        for (const connectionId of BOTH) await shown(connectionId);
        await told();
      });

      it('is closed for all, and comes back to whom it was dealt to, once the others are known to be closed', async () => {
        const before = { east: await sellable('east'), west: await sellable('west') };
        expect([...before.east, ...before.west].sort((a, b) => a - b)).to.deep.equal(MINUTES);
        await offer({ active: false });
        await told();
        for (const connectionId of BOTH) expect(await sellable(connectionId)).to.deep.equal([]);
        await offer({ active: true });
        await told();
        // What was sold while it was being closed is read first.
        await clinic.clock.advance(manifest.limits.stalenessMilliseconds + 1);
        for (const connectionId of BOTH) {
          const feed = { connectionId, feedId: WHOLE_CONNECTION };
          await observe(clinic.context, feed, { force: true, signal: new AbortController().signal });
        }
        await allotTime(clinic.context)();
        await told();
        expect({ east: await sellable('east'), west: await sellable('west') }).to.deep.equal(before);
      });
    });

    describe('is written', () => {
      const events = async () =>
        (
          await open().query<{ n: number }>(
            "select count(*)::integer as n from event where type = 'schedule.offered'",
          )
        )[0]?.n ?? 0;
      const current = () => clinic.engine.schedules.of('doctor-here');

      beforeEach(async () => {
        await start();
        await shown('east');
      });

      it('in a version of its own each time that something of it changes', async () => {
        const before = await events();
        await offer({});
        expect([await events(), current()]).to.deep.equal([before, null]);
        const revision = clinic.engine.schedules.revision();
        await offer({ active: false, comment: 'Congé' });
        const written = current();
        expect(written).to.include({ active: false, comment: 'Congé' });
        expect(clinic.engine.schedules.revision()).to.not.equal(revision);
        await offer({ active: false, comment: 'Congé' });
        expect(current()).to.deep.equal(written);
        await offer({ active: false, comment: null, end: at(60), endText: '2026-11-24T10:00:00-05:00' });
        expect(current()).to.include({
          version: (written?.version ?? 0) + 1,
          endText: '2026-11-24T10:00:00-05:00',
        });
        expect(await events()).to.equal(before + 2);
      });

      it('only if it is still the version that it is meant for', async () => {
        await offer({ active: false });
        const version = current()?.version ?? 0;
        expect(await offer({ active: true, ifVersion: version - 1 })).to.deep.equal({
          outcome: 'version',
          version,
        });
        expect(current()?.active).to.equal(false);
        expect(await offer({ active: true, ifVersion: version })).to.deep.equal({ outcome: 'done' });
      });

      it('by one after the other where two write at once', async () => {
        await offer({ active: false });
        const version = current()?.version ?? 0;
        const both = await Promise.all([
          offer({ comment: 'un', ifVersion: version }),
          offer({ comment: 'deux', ifVersion: version }),
        ]);
        expect(both.map(({ outcome }) => outcome).sort()).to.deep.equal(['done', 'version']);
      });

      it('once, however many book it meanwhile', async () => {
        await Promise.all([...MINUTES.map((minutes) => book('east', minutes)), offer({ active: false })]);
        await told();
        expect(await sellable('east')).to.deep.equal([]);
      });
    });
  });
});

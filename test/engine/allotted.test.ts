import { expect } from 'chai';
import { manifest } from '../../adapters/rvsq/manifest.ts';
import { markOf, type ObservedBusy } from '../../src/adapter/observation.ts';
import { HOUR, type Instant, MINUTE } from '../../src/domain/instant.ts';
import {
  type Allotted,
  type Calendar,
  DEFAULT_POLICY,
  type Sharing,
  type Unit,
} from '../../src/domain/schedule.ts';
import { UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import { allotTime } from '../../src/engine/allot.ts';
import { commitBatch } from '../../src/engine/commit.ts';
import { deliver } from '../../src/engine/deliver.ts';
import { observe, WHOLE_CONNECTION } from '../../src/engine/observe.ts';
import { dealer } from '../../src/engine/shares.ts';
import { createStore } from '../../src/store/store.ts';
import { at, CALENDARS, span, under } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { type RuledClinic, ruledClinic } from '../support/ruled-clinic.ts';

/** East and west sell the doctor's time in slots of 20 minutes, from 09:00 to 13:00; an hour each in turn, until noon before. */

const RULE: Allotted = {
  mode: 'allotted',
  shares: { east: 1, west: 1 },
  unitMinutes: 60,
  pooledMillisecondsBefore: 12 * HOUR,
};
const MINUTES = Array.from({ length: 12 }, (_, index) => index * 20);
const unitOf = (minutes: number) =>
  `2026-11-24T${String(9 + Math.floor(minutes / 60)).padStart(2, '0')}:00` as Unit;
const heldBy = (connectionId: string): number[] =>
  MINUTES.filter((minutes) => dealer(RULE)(unitOf(minutes)) === connectionId);
/** The last hour of who has one left is the one that is handed on. */
const [KEPT, GIVEN] = [heldBy('west').slice(0, -3), heldBy('west').slice(-3)];
/** As far as the lists of both may lag. */
const LAG = manifest.limits.stalenessMilliseconds;
const WEST = { connectionId: 'west', feedId: WHOLE_CONNECTION };
const FED: readonly Calendar[] = CALENDARS.map((calendar) => ({
  ...calendar,
  topology: calendar.connectionId === 'west' ? 'publish' : 'block',
}));

describe('sharing allotted', () => {
  onEachDatabase((open) => {
    const start = async (
      sharing: Sharing = RULE,
      calendars = CALENDARS,
    ): Promise<{ clinic: RuledClinic; look: () => Promise<void> }> => {
      const clinic = await ruledClinic(open(), under({ sharing }, calendars));
      return { clinic, look: allotTime(clinic.context) };
    };
    /** A platform tells of its slots. */
    const observeSlots = (clinic: RuledClinic, connectionId: string, minutes = MINUTES, length = 20) =>
      commitBatch(clinic.context, {
        connectionId,
        asOf: clinic.clock.now(),
        settledAt: null,
        rows: minutes.map((from) => ({
          kind: 'slot',
          externalId: `${connectionId}-${from}`,
          calendar: `${connectionId[0]}-doctor`,
          interval: span(from, from + length),
          mark: null,
          revision: null,
          sequence: null,
          attributes: UNKNOWN_ATTRIBUTES,
        })),
        removed: [],
        isFirst: false,
        missing: null,
      });
    const sale = (connectionId: string, from: number): ObservedBusy => ({
      kind: 'busy',
      busyKind: 'appointment',
      externalId: `sold-${connectionId}-${from}`,
      calendar: `${connectionId[0]}-doctor`,
      interval: span(from, from + 20),
      mark: null,
      revision: null,
      sequence: null,
      changedAt: null,
      expiresAt: null,
    });
    /** A platform tells of it. */
    const sell = (clinic: RuledClinic, connectionId: string, minutes: readonly number[]) =>
      commitBatch(clinic.context, {
        connectionId,
        asOf: clinic.clock.now(),
        settledAt: null,
        rows: minutes.map((from) => sale(connectionId, from)),
        removed: [],
        isFirst: false,
        missing: null,
      });
    /** Nobody hears of it before the platform is read. */
    const sellUnread = (clinic: RuledClinic, connectionId: string, minutes: number) =>
      clinic.sold.push(sale(connectionId, minutes));
    /** Only if that is due. */
    const read = (clinic: RuledClinic, connectionId: string) =>
      clinic.engine.run({ kind: 'observe', connectionId, feedId: WHOLE_CONNECTION });
    /** As soon as what is read shows all that was there a moment ago. */
    const readWhatLags = async (clinic: RuledClinic, connectionId: string) => {
      await clinic.clock.advance(LAG + 1);
      await read(clinic, connectionId);
    };
    const minutesOf = (rows: readonly { start_ms: number }[]): number[] =>
      rows.map((row) => (row.start_ms - at(0)) / MINUTE);
    const slotsWhere = async (condition: string, connectionId: string): Promise<number[]> =>
      minutesOf(
        await open().query<{ start_ms: number }>(
          `select start_ms from slot where connection_id = $1 and ${condition} order by start_ms`,
          [connectionId],
        ),
      );
    const sellable = (connectionId: string) => slotsWhere('not withheld', connectionId);
    const listed = async (connectionId: string, condition: string): Promise<number[]> =>
      minutesOf(
        await open().query<{ start_ms: number }>(
          `select listing.start_ms from listing join slot on slot.id = subject_id
           where listing.connection_id = $1 and ${condition} order by listing.start_ms`,
          [connectionId],
        ),
      );
    const blocked = (connectionId: string) => listed(connectionId, "kind = 'block' and desired is not null");
    const offered = (connectionId: string) => listed(connectionId, "kind = 'offer' and desired is not null");
    const deliverTo = (clinic: RuledClinic, connectionId: string) =>
      deliver(clinic.context, connectionId, new AbortController().signal);
    const slotAt = async (clinic: RuledClinic, connectionId: string, minutes: number) => {
      const [row] = await open().query<{ id: string }>(
        'select id from slot where connection_id = $1 and start_ms = $2',
        [connectionId, at(minutes)],
      );
      const slot = await clinic.engine.find(row?.id ?? '');
      if (!slot) throw new Error('no slot');
      return slot;
    };
    const book = async (clinic: RuledClinic, connectionId: string, minutes: number) =>
      clinic.engine.book({
        slot: await slotAt(clinic, connectionId, minutes),
        patient: null,
        comment: null,
        holdId: null,
      });
    const first = (connectionId: string): number => heldBy(connectionId)[0] ?? 0;

    const eastSoldOut = async () => {
      const { clinic, look } = await start();
      await observeSlots(clinic, 'east');
      await observeSlots(clinic, 'west');
      await deliverTo(clinic, 'east');
      await deliverTo(clinic, 'west');
      for (const connectionId of ['east', 'west']) await read(clinic, connectionId);
      await sell(clinic, 'east', heldBy('east'));
      return { clinic, look };
    };

    it('has each hour on offer at one platform, and closes it at the other as soon as it is read', async () => {
      const { clinic } = await start();
      await observeSlots(clinic, 'east');
      await observeSlots(clinic, 'west');
      for (const [one, other] of [
        ['east', 'west'],
        ['west', 'east'],
      ] as const) {
        expect(await sellable(one)).to.deep.equal(heldBy(one));
        expect(await blocked(one)).to.deep.equal(heldBy(other));
      }
      await deliverTo(clinic, 'west');
      const closed = clinic.asked.filter(({ operation }) => operation === 'block');
      expect(closed.map(({ startMs }) => (startMs - at(0)) / MINUTE)).to.deep.equal(heldBy('east'));
    });

    it('lets Passerelle sell a slot through the platform that holds it, and through no other until it is pooled', async () => {
      const { clinic } = await start();
      await observeSlots(clinic, 'east');
      await observeSlots(clinic, 'west');
      const minutes = first('east');
      const from = at(Math.floor(minutes / 60) * 60 - 12 * 60);
      expect(await book(clinic, 'west', minutes)).to.deep.equal({ outcome: 'not-released', from });
      const store = createStore(open());
      const free = await store.searchSlots({
        ids: null,
        scheduleIds: null,
        statuses: ['free'],
        start: { fromMs: null, beforeMs: null },
        staleCalendars: [],
        unreleased: [],
        onlySellable: true,
        after: null,
        limit: 100,
      });
      expect(free).to.have.length(MINUTES.length);
      expect(free.filter(({ withheld }) => withheld)).to.deep.equal([]);
      expect((await book(clinic, 'east', minutes)).outcome).to.equal('booked');
      expect((await slotAt(clinic, 'west', minutes)).status).to.equal('busy');
    });

    it('has what lies across two hours on offer nowhere', async () => {
      const { clinic } = await start();
      await observeSlots(clinic, 'east', [50, 110, 170], 20);
      expect(await sellable('east')).to.deep.equal([]);
    });

    it('pools an hour by the clock, all of it at once', async () => {
      const { clinic, look } = await start();
      await observeSlots(clinic, 'east');
      await observeSlots(clinic, 'west');
      await look();
      const pooled = (hour: number) => at(hour * 60 - 12 * 60);
      const advanceTo = (to: Instant) => clinic.clock.advance(to - clinic.clock.now());
      await advanceTo((pooled(0) - 1) as Instant);
      await look();
      expect(await sellable('east')).to.deep.equal(heldBy('east'));
      await clinic.clock.advance(1);
      clinic.woken.length = 0;
      await look();
      for (const id of ['east', 'west']) {
        const others = heldBy(id).filter((minutes) => minutes >= 60);
        expect(await sellable(id), id).to.deep.equal([0, 20, 40, ...others]);
      }
      expect(clinic.woken.length, 'somebody has to open it').to.equal(1);
      await advanceTo(pooled(4));
      await look();
      expect([await sellable('east'), await sellable('west')]).to.deep.equal([MINUTES, MINUTES]);
    });

    it('hands an hour on where a platform has sold its own, and opens it there once it is closed at the other, and that was read', async () => {
      const { clinic, look } = await eastSoldOut();
      await look();
      expect(await sellable('west'), 'closed there at once').to.deep.equal(KEPT);
      expect(await sellable('east'), 'and not open here').to.deep.equal(heldBy('east'));
      await look();
      expect(await sellable('east'), 'however often one looks').to.deep.equal(heldBy('east'));
      await deliverTo(clinic, 'west');
      await look();
      expect(await sellable('east'), 'west may have sold it meanwhile').to.deep.equal(heldBy('east'));
      await readWhatLags(clinic, 'west');
      await look();
      expect(await sellable('east')).to.deep.equal([...heldBy('east'), ...GIVEN].sort((a, b) => a - b));
      expect(await sellable('west')).to.deep.equal(KEPT);
      await clinic.clock.advance(10 * MINUTE);
      await look();
      expect(await sellable('west'), 'nothing goes to and fro').to.deep.equal(KEPT);
    });

    it('sells nothing there that the other had sold unread before it was closed', async () => {
      const { clinic, look } = await eastSoldOut();
      const [sold = 0, ...unsold] = GIVEN;
      sellUnread(clinic, 'west', sold);
      await look();
      await deliverTo(clinic, 'west');
      await look();
      expect((await book(clinic, 'east', sold)).outcome).to.equal('not-released');
      await readWhatLags(clinic, 'west');
      await look();
      expect(await sellable('east')).to.include.members(unsold);
      expect(await sellable('east')).to.not.include(sold);
      expect((await book(clinic, 'east', sold)).outcome).to.not.equal('booked');
      expect(await clinic.engine.conflicts.list({ state: null, limit: 10 })).to.deep.equal([]);
    });

    it('does not take a reading for an answer that may not show yet what was sold before', async () => {
      const { clinic, look } = await eastSoldOut();
      await look();
      await deliverTo(clinic, 'west');
      await clinic.clock.advance(LAG);
      await observe(clinic.context, WEST, { force: true, signal: new AbortController().signal });
      await look();
      expect(await sellable('east')).to.deep.equal(heldBy('east'));
    });

    it('does not take one for an answer that left a booking undecided', async () => {
      const { clinic, look } = await eastSoldOut();
      await look();
      await deliverTo(clinic, 'west');
      await look();
      await clinic.clock.advance(LAG + 1);
      const [from = 0, to = 0] = [KEPT[0], GIVEN[0]];
      await sell(clinic, 'west', [from]);
      // It was moved at once, as far as one can tell from a list that lags.
      clinic.sold.push({ ...sale('west', from), interval: span(to, to + 20) });
      await read(clinic, 'west');
      await look();
      expect(await sellable('east')).to.deep.equal(heldBy('east'));
      await readWhatLags(clinic, 'west');
      await look();
      expect(await sellable('east')).to.include.members(GIVEN.slice(1));
      expect((await slotAt(clinic, 'east', to)).status).to.equal('busy');
    });

    it('asks for one such reading, however many slots wait for it, and for none of a platform that fails', async () => {
      const { clinic, look } = await eastSoldOut();
      await look();
      await deliverTo(clinic, 'west');
      const { store } = clinic.context;
      const whole = await store.connectionState('west');
      await store.recordConnection({ ...whole, failures: 1 });
      clinic.woken.length = 0;
      await look();
      expect(clinic.woken).to.deep.equal([]);
      await store.recordConnection(whole);
      const at = clinic.clock.now();
      await look();
      expect(clinic.woken).to.deep.equal(['west']);
      expect((await store.feed(WEST))?.dueAt).to.equal(at + LAG + 1);
    });

    it('opens it by any later reading, should who was to ask for one have died', async () => {
      const { clinic, look } = await eastSoldOut();
      await look();
      await deliverTo(clinic, 'west');
      await clinic.clock.advance(MINUTE);
      await read(clinic, 'west');
      await allotTime(clinic.context)();
      expect(await sellable('east')).to.include.members(GIVEN);
    });

    it('opens what the other had sold once that is over', async () => {
      const { clinic, look } = await eastSoldOut();
      await look();
      const [sold = 0] = GIVEN;
      await sell(clinic, 'west', [sold]);
      await deliverTo(clinic, 'west');
      await look();
      await readWhatLags(clinic, 'west');
      await look();
      expect((await slotAt(clinic, 'east', sold)).status, 'nobody can book it twice').to.equal('busy');
      expect(await sellable('east')).to.not.include(sold);
      await commitBatch(clinic.context, {
        connectionId: 'west',
        asOf: clinic.clock.now(),
        settledAt: null,
        rows: [],
        removed: [{ kind: 'busy', externalId: `sold-west-${sold}`, sequence: null }],
        isFirst: false,
        missing: null,
      });
      expect(await sellable('east')).to.include(sold);
    });

    it('offers what it feeds to a platform once it is closed where it comes from, and that was read', async () => {
      const { clinic, look } = await start(RULE, FED);
      await observeSlots(clinic, 'east');
      expect(await sellable('east')).to.deep.equal(heldBy('east'));
      expect(await offered('west')).to.deep.equal([]);
      await look();
      expect(await offered('west')).to.deep.equal([]);
      await deliverTo(clinic, 'east');
      await look();
      expect(await offered('west')).to.deep.equal([]);
      await readWhatLags(clinic, 'east');
      await look();
      expect(await offered('west')).to.deep.equal(heldBy('west'));
      await deliverTo(clinic, 'west');
      await clinic.clock.advance(11 * MINUTE);
      clinic.woken.length = 0;
      await look();
      expect(await offered('west')).to.deep.equal(heldBy('west'));
      expect(clinic.woken, 'nothing is left to do').to.deep.equal([]);
    });

    it('opens what it fed to a platform once that is withdrawn, and the platform was read', async () => {
      const { clinic, look } = await start(RULE, FED);
      await observeSlots(clinic, 'east');
      await deliverTo(clinic, 'east');
      await readWhatLags(clinic, 'east');
      await look();
      await deliverTo(clinic, 'west');
      await read(clinic, 'west');
      await sell(clinic, 'east', heldBy('east'));
      const [sold = 0, ...unsold] = GIVEN;
      sellUnread(clinic, 'west', sold);
      await clinic.clock.advance(10 * MINUTE);
      await look();
      expect(await offered('west')).to.deep.equal(KEPT);
      await deliverTo(clinic, 'west');
      await look();
      expect(await sellable('east')).to.deep.equal(heldBy('east'));
      await readWhatLags(clinic, 'west');
      await look();
      expect(await sellable('east')).to.deep.equal([...heldBy('east'), ...unsold].sort((a, b) => a - b));
    });

    it('leaves a platform alone that has no share', async () => {
      const { clinic } = await start({ ...RULE, shares: { west: 1, north: 1 } });
      await observeSlots(clinic, 'east');
      expect(await sellable('east')).to.deep.equal(MINUTES);
    });

    it('opens everything when the schedule is shared again', async () => {
      const { clinic } = await start();
      await observeSlots(clinic, 'east');
      await observeSlots(clinic, 'west');
      await deliverTo(clinic, 'east');
      const context = { ...clinic.context, directory: under({ sharing: DEFAULT_POLICY.sharing }) };
      await allotTime(context)();
      expect([await sellable('east'), await sellable('west')]).to.deep.equal([MINUTES, MINUTES]);
      expect([await blocked('east'), await blocked('west')]).to.deep.equal([[], []]);
    });

    it('takes the block away of a slot that is there no more', async () => {
      const { clinic } = await start();
      await observeSlots(clinic, 'east');
      await deliverTo(clinic, 'east');
      const minutes = first('west');
      await commitBatch(clinic.context, {
        connectionId: 'east',
        asOf: clinic.clock.now(),
        settledAt: null,
        rows: [],
        removed: [{ kind: 'slot', externalId: `east-${minutes}`, sequence: null }],
        isFirst: false,
        missing: null,
      });
      clinic.asked.length = 0;
      await deliverTo(clinic, 'east');
      expect(clinic.asked.map(({ operation }) => operation)).to.deep.equal(['unblock']);
    });

    it('lays no block over a booking that stands there already', async () => {
      const { clinic } = await start();
      const minutes = first('west');
      await sell(clinic, 'east', [minutes]);
      await observeSlots(clinic, 'east');
      expect(await sellable('east')).to.deep.equal(heldBy('east'));
      expect(await blocked('east')).to.not.include(minutes);
      await clinic.clock.advance(MINUTE);
      await commitBatch(clinic.context, {
        connectionId: 'east',
        asOf: clinic.clock.now(),
        settledAt: null,
        rows: [],
        removed: [{ kind: 'busy', externalId: `sold-east-${minutes}`, sequence: null }],
        isFirst: false,
        missing: null,
      });
      expect(await blocked('east'), 'and does so once that is over').to.include(minutes);
    });

    it('knows its own block when it reads it, and puts it back where somebody took it away', async () => {
      const { clinic } = await start();
      await observeSlots(clinic, 'east');
      await deliverTo(clinic, 'east');
      await clinic.clock.advance(MINUTE);
      const slot = await slotAt(clinic, 'east', first('west'));
      const read = (present: boolean) =>
        commitBatch(clinic.context, {
          connectionId: 'east',
          asOf: clinic.clock.now(),
          settledAt: null,
          rows: present
            ? [
                {
                  kind: 'busy',
                  busyKind: 'block',
                  externalId: `there-passerelle:${slot.id}`,
                  calendar: 'e-doctor',
                  interval: slot.interval,
                  mark: markOf(slot.id),
                  revision: null,
                  sequence: null,
                  changedAt: null,
                  expiresAt: null,
                },
              ]
            : [],
          removed: present
            ? []
            : [{ kind: 'busy', externalId: `there-passerelle:${slot.id}`, sequence: null }],
          isFirst: false,
          missing: null,
        });
      await read(true);
      expect((await slotAt(clinic, 'east', first('west'))).status, 'it takes nobody’s time').to.equal('free');
      await clinic.clock.advance(MINUTE);
      await read(false);
      clinic.asked.length = 0;
      await deliverTo(clinic, 'east');
      expect(clinic.asked.map(({ operation }) => operation)).to.deep.equal(['block']);
    });
  });
});

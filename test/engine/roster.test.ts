import { expect } from 'chai';
import type { ObservedBusy, ObservedShift, ObservedSlot } from '../../src/adapter/observation.ts';
import { Directory } from '../../src/domain/directory.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import { type Calendar, DEFAULT_POLICY, type RosterPolicy } from '../../src/domain/schedule.ts';
import type { ShiftTask } from '../../src/domain/shift.ts';
import { UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import { commitBatch } from '../../src/engine/commit.ts';
import { deliver } from '../../src/engine/deliver.ts';
import type { EngineEvent } from '../../src/engine/ports/events.ts';
import { createRosters } from '../../src/engine/roster-report.ts';
import { settleRosters } from '../../src/engine/settle-rosters.ts';
import { shiftId } from '../../src/engine/shifts.ts';
import { createStore } from '../../src/store/store.ts';
import { at, entries, span } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { type RuledClinic, ruledClinic } from '../support/ruled-clinic.ts';

const MINUTES = [0, 20, 40, 60, 80, 100];

/** The doctor's slots are at `east` and are published at `west`; `roster` says when the doctor and a colleague are there. */
const CALENDARS: readonly Calendar[] = [
  { connectionId: 'east', externalId: 'e-doctor', scheduleId: 'doctor-here', topology: 'block' },
  { connectionId: 'west', externalId: 'w-doctor', scheduleId: 'doctor-here', topology: 'publish' },
  { connectionId: 'east', externalId: 'e-walk-in', scheduleId: 'walk-in-here', topology: 'block' },
  { connectionId: 'roster', externalId: 'r-doctor', scheduleId: 'doctor-here', topology: 'shifts' },
  { connectionId: 'roster', externalId: 'r-walk-in', scheduleId: 'walk-in-here', topology: 'shifts' },
];

const directoryOf = (roster: RosterPolicy, calendars = CALENDARS): Directory => {
  const all = entries(calendars);
  const [first] = all.connections;
  if (!first) throw new Error('no connection');
  return new Directory({
    ...all,
    connections: [...all.connections, { ...first, id: 'roster' }],
    schedules: all.schedules.map((schedule) => ({ ...schedule, policy: { ...DEFAULT_POLICY, roster } })),
  });
};

type Told = { readonly from: number; readonly to: number; readonly who?: string; readonly task?: ShiftTask };

const shift = (externalId: string, { from, to, who = 'r-doctor', task }: Told): ObservedShift => ({
  externalId,
  calendar: who,
  interval: span(from, to),
  revision: null,
  task: task ?? null,
  place: 'Ici',
  period: null,
  publishedAt: null,
});

const slot = (from: number, calendar = 'e-doctor'): ObservedSlot => ({
  kind: 'slot',
  externalId: `${calendar}-${from}`,
  calendar,
  interval: span(from, from + 20),
  mark: null,
  revision: null,
  sequence: null,
  attributes: UNKNOWN_ATTRIBUTES,
});

const booking = (from: number): ObservedBusy => ({
  ...slot(from),
  kind: 'busy',
  externalId: `visit-${from}`,
  busyKind: 'appointment',
  expiresAt: null,
  changedAt: null,
});

describe('a roster', () => {
  onEachDatabase((open) => {
    let clinic: RuledClinic;
    const heard: EngineEvent[] = [];

    const start = async (roster = DEFAULT_POLICY.roster, calendars = CALENDARS) => {
      await open().script('delete from shift; delete from unsupplied');
      heard.length = 0;
      const opened = await ruledClinic(open(), directoryOf(roster, calendars));
      const context = { ...opened.context, onEvent: (event: EngineEvent) => void heard.push(event) };
      clinic = Object.assign(opened, { context });
    };
    const commit = (connectionId: string, rows: readonly (ObservedSlot | ObservedBusy)[]) =>
      commitBatch(clinic.context, {
        ...{ connectionId, asOf: clinic.clock.now(), settledAt: null, rows, removed: [] },
        ...{ isFirst: false, missing: null },
      });
    /** A complete reading of the roster: what is not in it is withdrawn. */
    const published = async (shifts: Readonly<Record<string, Told>>, window = span(-60, 24 * 60)) => {
      await clinic.clock.advance(MINUTE);
      const found = Object.entries(shifts).map(([id, told]) => shift(id, told));
      const batch = {
        ...{ connectionId: 'roster', asOf: clinic.clock.now(), settledAt: null, rows: [], removed: [] },
        ...{ isFirst: false, missing: null },
      };
      await commitBatch(clinic.context, { ...batch, shifts: found });
      return commitBatch(clinic.context, {
        ...batch,
        missing: {
          feedId: '*',
          calendars: ['r-doctor', 'r-walk-in'],
          window,
          seenSlots: new Set(),
          seenBusy: new Set(),
          seenShifts: new Set(found.map((each) => shiftId('roster', each))),
          rejected: new Set(),
          limit: { share: 0.5, atLeast: 20 },
          suspectSince: null,
          removed: [],
          created: [],
        },
      });
    };
    const told = async () => {
      for (const id of ['east', 'west']) await deliver(clinic.context, id, new AbortController().signal);
    };
    const minutesOf = (rows: readonly { start_ms: number }[]): number[] =>
      rows.map((row) => (row.start_ms - at(0)) / MINUTE);
    const sellable = async (calendar = 'e-doctor'): Promise<number[]> =>
      minutesOf(
        await open().query<{ start_ms: number }>(
          `select start_ms from slot where calendar = $1 and status = 'free' and not withheld order by start_ms`,
          [calendar],
        ),
      );
    const standing = async (connectionId: string, kind: 'block' | 'offer'): Promise<number[]> =>
      minutesOf(
        await open().query<{ start_ms: number }>(
          'select start_ms from listing where connection_id = $1 and kind = $2 and known is not null order by start_ms',
          [connectionId, kind],
        ),
      );
    const events = (type: 'shift.moved' | 'shift.withdrawn' | 'appointment.unsupplied'): number[] =>
      heard.flatMap((event) => (event.type === type ? (event.interval.start - at(0)) / MINUTE : []));
    const report = async () => {
      const { directory, platforms } = clinic.context;
      const reader = createStore(open());
      const window = span(-60, 24 * 60);
      const [found] = await createRosters({ directory, platforms, reader }).report({
        ...{ scheduleId: 'doctor-here', window, limit: 10 },
      });
      if (!found) throw new Error('no report');
      return found;
    };
    const MORNING = { morning: { from: 0, to: 120 } };

    describe('that is linked', () => {
      beforeEach(async () => {
        await start();
        await commit(
          'east',
          MINUTES.map((from) => slot(from)),
        );
        await published(MORNING);
        await told();
      });

      it('changes nothing of what is on offer by being read', async () => {
        expect(await sellable()).to.deep.equal(MINUTES);
        expect(await standing('west', 'offer')).to.deep.equal(MINUTES);
        expect(clinic.asked.filter(({ operation }) => operation === 'block')).to.deep.equal([]);
        expect(clinic.asked.filter(({ calendar }) => calendar.startsWith('r-'))).to.deep.equal([]);
      });

      it('closes the free slots of a shift that is withdrawn, at home and where they are published', async () => {
        await published({});
        expect(await sellable()).to.deep.equal([]);
        await told();
        expect(await standing('east', 'block')).to.deep.equal(MINUTES);
        expect(await standing('west', 'offer')).to.deep.equal([]);
        expect(events('shift.withdrawn')).to.deep.equal([0]);
      });

      it('opens them again once the shift is back', async () => {
        await published({});
        await told();
        await published(MORNING);
        await told();
        expect(await sellable()).to.deep.equal(MINUTES);
        expect(await standing('east', 'block')).to.deep.equal([]);
        expect(await standing('west', 'offer')).to.deep.equal(MINUTES);
      });

      it('closes what a moved shift has left, and nothing that another shift still has', async () => {
        await published({ morning: { from: 60, to: 180 }, early: { from: 0, to: 20 } });
        expect(await sellable()).to.deep.equal([0, 60, 80, 100]);
        expect(events('shift.moved')).to.deep.equal([60]);
      });

      it('closes what becomes work without patients', async () => {
        await published({ morning: { from: 0, to: 120, task: 'on-call' } });
        expect(await sellable()).to.deep.equal([]);
      });

      it('closes what a platform puts on offer later in that time', async () => {
        await published({});
        await commit('east', [slot(10)]);
        expect(await sellable()).to.deep.equal([]);
        expect(await clinic.engine.find(await slotId(10))).to.include({ withheld: true, isOffered: false });
      });

      const slotId = async (minutes: number): Promise<string> =>
        (await open().query<{ id: string }>('select id from slot where start_ms = $1', [at(minutes)]))[0]
          ?.id ?? '';

      it('keeps what is booked, and flags it for a person', async () => {
        await commit('east', [booking(40)]);
        await told();
        await published({});
        await told();
        expect(events('appointment.unsupplied')).to.deep.equal([40]);
        expect(clinic.asked.filter(({ operation }) => operation === 'cancel')).to.deep.equal([]);
        const live = await open().query(
          "select id from busy_period where kind = 'appointment' and ended_ms is null",
        );
        expect(live).to.have.length(1);
        const { bookedOutside } = await report();
        expect(bookedOutside.map(({ cause, interval }) => [cause, interval])).to.deep.equal([
          ['withdrawn', span(40, 60)],
        ]);
      });

      it('takes a shift that is given to somebody else away from the first', async () => {
        await commit('east', [slot(0, 'e-walk-in')]);
        await published({ morning: { from: 0, to: 120, who: 'r-walk-in' } });
        expect(await sellable()).to.deep.equal([]);
        expect(await sellable('e-walk-in')).to.deep.equal([0]);
        await published(MORNING);
        expect(await sellable()).to.deep.equal(MINUTES);
        expect(await sellable('e-walk-in')).to.deep.equal([]);
      });

      it('says nothing of what lies beyond the period that it is published for', async () => {
        await published({}, span(180, 24 * 60));
        expect(await sellable()).to.deep.equal(MINUTES);
        expect(events('shift.withdrawn')).to.deep.equal([]);
      });

      it('stays as it is whatever looks at it', async () => {
        await published({});
        await told();
        const asked = clinic.asked.length;
        await settleRosters(clinic.context)();
        await published({});
        await told();
        expect(clinic.asked).to.have.length(asked);
        expect(await sellable()).to.deep.equal([]);
      });
    });

    it('that suddenly has next to nothing is suspect, and closes nothing', async () => {
      await start();
      await commit(
        'east',
        MINUTES.map((from) => slot(from)),
      );
      const week = Object.fromEntries(MINUTES.map((from) => [`s${from}`, { from, to: from + 20 }]));
      await published(week);
      const { heldBack } = await published({});
      expect(heldBack?.shifts).to.deep.equal({ known: 6, missing: 6 });
      expect(await sellable()).to.deep.equal(MINUTES);
      await published(week);
      const { heldBack: after } = await published({ ...week, s0: { from: 1, to: 20 } });
      expect(after).to.equal(null);
    });

    it('reports what is on offer outside of it, and what is not within it', async () => {
      await start();
      await commit(
        'east',
        [0, 20, 200].map((from) => slot(from)),
      );
      await published({ morning: { from: 0, to: 100 }, later: { from: 300, to: 360 } });
      expect(await sellable()).to.deep.equal([0, 20, 200]);
      const { phantoms, gaps, days, published: span_ } = await report();
      expect(phantoms.map(({ cause, interval }) => [cause, interval])).to.deep.equal([
        ['outside', span(200, 220)],
      ]);
      expect(gaps).to.deep.equal([span(40, 100), span(300, 360)]);
      expect(days).to.deep.include({ day: '2026-11-24', shiftMinutes: 160, coveredMinutes: 40 });
      expect(span_).to.deep.equal(span(0, 360));
    });

    it('closes what is outside of it where the policy says so, within what is published', async () => {
      await start({ withdrawn: 'close', outside: 'close' });
      await commit(
        'east',
        [0, 200, 400].map((from) => slot(from)),
      );
      await published({ morning: { from: 0, to: 100 }, later: { from: 300, to: 360 } });
      expect(await sellable()).to.deep.equal([0, 400]);
      await published({ morning: { from: 0, to: 100 }, later: { from: 200, to: 360 } });
      expect(await sellable()).to.deep.equal([0, 200, 400]);
    });

    it('only reports what is withdrawn where the policy says so, and follows it when that changes', async () => {
      await start({ withdrawn: 'report', outside: 'report' });
      await commit(
        'east',
        MINUTES.map((from) => slot(from)),
      );
      await published(MORNING);
      await published({});
      expect(await sellable()).to.deep.equal(MINUTES);
      expect((await report()).phantoms.map(({ cause }) => cause)).to.deep.equal(
        MINUTES.map(() => 'withdrawn'),
      );

      const under = (directory: Directory) => settleRosters({ ...clinic.context, directory })();
      await under(directoryOf(DEFAULT_POLICY.roster));
      expect(await sellable()).to.deep.equal([]);
      await under(
        directoryOf(
          DEFAULT_POLICY.roster,
          CALENDARS.filter(({ topology }) => topology !== 'shifts'),
        ),
      );
      expect(await sellable()).to.deep.equal(MINUTES);
    });
  });
});

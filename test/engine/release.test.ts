import { expect } from 'chai';
import { HOUR, type Instant, MINUTE, SECOND } from '../../src/domain/instant.ts';
import type { Calendar, Release } from '../../src/domain/schedule.ts';
import { UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import { commitBatch } from '../../src/engine/commit.ts';
import { releaseOffers } from '../../src/engine/release-offers.ts';
import { at, span, under } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { type RuledClinic, ruledClinic } from '../support/ruled-clinic.ts';
import { until } from '../support/servers.ts';

const calendar = (
  connectionId: string,
  externalId: string,
  scheduleId: string,
  topology: Calendar['topology'],
): Calendar => ({ connectionId, externalId, scheduleId, topology });

/** East sells; west is fed by us, and has a second agenda of the doctor with slots of its own. */
const CALENDARS = [
  calendar('east', 'e-doctor', 'doctor-here', 'block'),
  calendar('east', 'e-walk-in', 'walk-in-here', 'block'),
  calendar('west', 'w-doctor', 'doctor-here', 'publish'),
  calendar('west', 'w-walk-in', 'walk-in-here', 'publish'),
  calendar('west', 'w-own', 'doctor-here', 'block'),
];
const MIDNIGHT: Release = { kind: 'midnight', daysBefore: 0 };
const DAY: Release = { kind: 'before', milliseconds: 24 * HOUR };
/** 00:00 on the day whose 09:00 is minute 0. */
const MIDNIGHT_MINUTES = -9 * 60;

describe('slots that are released by the clock', () => {
  onEachDatabase((open) => {
    const start = (release: Release, limits?: Parameters<typeof ruledClinic>[2]) =>
      ruledClinic(open(), under({ release }, CALENDARS), limits);

    /** East tells of a slot of the doctor's. */
    const observe = (
      clinic: RuledClinic,
      minutes: readonly number[],
      prefix: 'doctor' | 'walk-in' = 'doctor',
    ) =>
      commitBatch(clinic.context, {
        connectionId: 'east',
        asOf: clinic.clock.now(),
        settledAt: null,
        rows: minutes.map((from) => ({
          kind: 'slot',
          externalId: `${prefix}-${from}`,
          calendar: `e-${prefix}`,
          interval: span(from, from + 2),
          mark: null,
          revision: null,
          sequence: null,
          attributes: UNKNOWN_ATTRIBUTES,
        })),
        removed: [],
        isFirst: false,
        missing: null,
      });

    const offered = async (): Promise<number[]> => {
      const rows = await open().query<{ start_ms: number }>(
        "select start_ms from listing where kind = 'offer' and desired is not null order by start_ms",
      );
      return rows.map((row) => (row.start_ms - at(0)) / MINUTE);
    };
    const advanceTo = (clinic: RuledClinic, to: Instant) => clinic.clock.advance(to - clinic.clock.now());
    const slotId = async (minutes: number) => {
      const [row] = await open().query<{ id: string }>('select id from slot where start_ms = $1', [
        at(minutes),
      ]);
      return row?.id ?? '';
    };
    const book = async (clinic: RuledClinic, minutes: number) => {
      const slot = await clinic.engine.find(await slotId(minutes));
      if (!slot) throw new Error('no slot');
      return clinic.engine.book({ slot, patient: null, comment: null, holdId: null });
    };

    it('are offered elsewhere once they are, and not a millisecond sooner', async () => {
      const clinic = await start(DAY);
      const look = releaseOffers(clinic.context);
      await observe(clinic, [-30, 0, 30]);
      expect(await offered(), 'the first is within a day').to.deep.equal([-30]);
      await look();
      await advanceTo(clinic, (at(-24 * 60) - 1) as Instant);
      await look();
      expect(await offered()).to.deep.equal([-30]);
      clinic.woken.length = 0;
      await clinic.clock.advance(1);
      await look();
      expect(await offered()).to.deep.equal([-30, 0]);
      expect(clinic.woken).to.deep.equal(['west']);
      await look();
      expect(clinic.woken, 'nothing is planned twice').to.deep.equal(['west']);
    });

    it('are found by a process that was not there when it happened', async () => {
      const clinic = await start(MIDNIGHT);
      await observe(clinic, [0, 30, 24 * 60]);
      expect(await offered()).to.deep.equal([]);
      await advanceTo(clinic, at(-60));
      await releaseOffers(clinic.context)();
      expect(await offered()).to.deep.equal([0, 30]);
    });

    it('are found though they were written by a transaction that ended after the look', async () => {
      const clinic = await start(MIDNIGHT);
      const look = releaseOffers(clinic.context);
      await look();
      await observe(clinic, [0]);
      // As it stands when that transaction has not ended yet: the look sees nothing.
      const rows = await open().query('select * from slot');
      await open().script(
        'alter table slot disable trigger all; create table aside as select * from slot; delete from slot',
      );
      await advanceTo(clinic, at(MIDNIGHT_MINUTES));
      await look();
      await open().script(
        'insert into slot select * from aside; drop table aside; alter table slot enable trigger all',
      );
      expect(rows).to.have.length(1);
      expect(await offered()).to.deep.equal([]);
      await clinic.clock.advance(30 * SECOND);
      await look();
      expect(await offered()).to.deep.equal([0]);
    });

    it('are looked for by each process that works, as long as it works', async () => {
      const clinic = await start(DAY);
      await observe(clinic, [0, 30]);
      await clinic.engine.start({ works: true });
      try {
        for (const [from, expected] of [
          [-24 * 60, [0]],
          [-24 * 60 + 30, [0, 30]],
        ] as const) {
          await until(`it is ${from}`, async () => {
            if (clinic.clock.now() < at(from)) await clinic.clock.advance(MINUTE);
            else await clinic.clock.advance(SECOND);
            return (await offered()).length === expected.length;
          });
          expect(await offered()).to.deep.equal(expected);
          expect(clinic.clock.now()).to.be.at.least(at(from));
        }
      } finally {
        await clinic.engine.stop();
      }
    });

    it('are withdrawn and offered again as the configuration changes', async () => {
      const clinic = await start({ kind: 'always' });
      await observe(clinic, [0, 30]);
      expect(await offered()).to.deep.equal([0, 30]);
      const under2 = (release: Release) =>
        releaseOffers({ ...clinic.context, directory: under({ release }, CALENDARS) });
      await under2(MIDNIGHT)();
      expect(await offered()).to.deep.equal([]);
      await under2({ kind: 'before', milliseconds: 24 * HOUR + 20 * MINUTE })();
      expect(await offered()).to.deep.equal([0]);
      await under2({ kind: 'always' })();
      expect(await offered()).to.deep.equal([0, 30]);
    });

    it('cannot be booked before, and can from then on', async () => {
      const clinic = await start(DAY);
      await observe(clinic, [0]);
      expect(await book(clinic, 0)).to.deep.equal({ outcome: 'not-released', from: at(-24 * 60) });
      expect(await open().query('select from busy_period')).to.deep.equal([]);
      await clinic.clock.advance(10 * MINUTE);
      expect((await book(clinic, 0)).outcome).to.equal('booked');
      expect(await book(clinic, 0), 'taken comes before any rule').to.deep.equal({ outcome: 'taken' });
    });

    it('close the time elsewhere when they are taken at home before, and are not offered when they come free', async () => {
      const clinic = await start(DAY);
      await observe(clinic, [30]);
      const tell = (rows: Parameters<typeof commitBatch>[1]['rows'], removedId: string | null) =>
        commitBatch(clinic.context, {
          connectionId: 'east',
          asOf: clinic.clock.now(),
          settledAt: null,
          rows,
          removed: removedId === null ? [] : [{ kind: 'busy', externalId: removedId, sequence: null }],
          isFirst: false,
          missing: null,
        });
      const booking = {
        kind: 'busy',
        externalId: 'b-1',
        calendar: 'e-doctor',
        interval: span(30, 32),
        mark: null,
        revision: null,
        sequence: null,
        busyKind: 'appointment',
        expiresAt: null,
        changedAt: null,
      } as const;
      await tell([booking], null);
      const blocks = await open().query<{ calendar: string; desired: string | null }>(
        "select calendar, desired from listing where kind = 'block'",
      );
      expect(blocks.map(({ calendar: name, desired }) => [name, desired !== null])).to.deep.equal([
        ['w-own', true],
      ]);
      await clinic.clock.advance(SECOND);
      await tell([], 'b-1');
      expect(await offered()).to.deep.equal([]);
      await advanceTo(clinic, at(30 - 24 * 60));
      await releaseOffers(clinic.context)();
      expect(await offered()).to.deep.equal([30]);
    });

    it('are published in the order of their start and within the limit of the connection, hundreds at a midnight', async () => {
      const limits = {
        requests: 50,
        windowMilliseconds: MINUTE,
        concurrency: 4,
        latencyMilliseconds: 100,
      };
      const clinic = await start(MIDNIGHT, limits);
      const look = releaseOffers(clinic.context);
      const minutes = Array.from({ length: 120 }, (_, n) => n * 4);
      // In no order: the two agendas in turn, the latest first.
      await observe(clinic, [...minutes].reverse());
      await observe(clinic, minutes.map((from) => from + 2).reverse(), 'walk-in');
      await look();
      await advanceTo(clinic, (at(MIDNIGHT_MINUTES) - 1) as Instant);
      await look();
      expect(await offered()).to.deep.equal([]);
      await clinic.clock.advance(1);
      await look();
      expect(await offered()).to.have.length(240);

      let ended = false;
      const delivering = clinic.engine.run({ kind: 'deliver', connectionId: 'west' }).then(() => {
        ended = true;
      });
      while (!ended) await clinic.clock.advance(SECOND);
      await delivering;
      expect(clinic.asked.every(({ operation }) => operation === 'publish')).to.equal(true);
      const ranks = clinic.asked.map(({ startMs }) => (startMs - at(0)) / (2 * MINUTE));
      expect([...ranks].sort((a, b) => a - b)).to.deep.equal(Array.from({ length: 240 }, (_, n) => n));
      // Those that are under way at once may overtake each other, and nothing else.
      for (const [place, rank] of ranks.entries()) {
        expect(Math.abs(place - rank), `${rank} at ${place}`).to.be.below(limits.concurrency);
      }
      for (const [index, { atMs }] of clinic.asked.entries()) {
        const later = clinic.asked[index + limits.requests];
        if (later) expect(later.atMs - atMs).to.be.at.least(limits.windowMilliseconds);
      }
    });
  });
});

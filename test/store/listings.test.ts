import { expect } from 'chai';
import { plus } from '../../src/domain/instant.ts';
import { busyFingerprint, type Fingerprint, type Listing } from '../../src/domain/listing.ts';
import type { Reader } from '../../src/engine/ports/front.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import type { Database, Row } from '../../src/store/database.ts';
import { claimListings } from '../../src/store/statements/claim-listings.ts';
import { createStore } from '../../src/store/store.ts';
import { at, busy, entries, listing, NO_CHANGES, span, uuid } from '../support/clinic.ts';
import { freshPostgres, hasPostgres, type OpenDatabase, onEachDatabase } from '../support/databases.ts';
import { requireServer, until } from '../support/servers.ts';

const NOW = at(0);
const LEASE_UNTIL = at(1);

/** A block that is to be written, at `minutes` after nine. */
const due = (n: number, minutes = n * 20, more: Partial<Listing> = {}): Listing =>
  listing(n, span(minutes, minutes + 20), {
    kind: 'block',
    desired: busyFingerprint('block', span(minutes, minutes + 20)),
    known: null,
    externalId: null,
    ...more,
  });

describe('listings', () => {
  onEachDatabase((open) => {
    let store: Store & Reader;

    before(async () => {
      store = createStore(open());
      await store.applyDirectory(entries(), []);
    });
    beforeEach(() => open().script('delete from listing; delete from busy_period'));

    const put = (listings: readonly Listing[], minutes = -30) =>
      store.transaction((transaction) => transaction.apply({ ...NO_CHANGES, listings }, at(minutes)));
    const claim = (options: Partial<Parameters<Store['claimListings']>[1]> = {}) =>
      store.claimListings('east', {
        now: NOW,
        leaseUntil: LEASE_UNTIL,
        limit: 64,
        writeAhead: false,
        ...options,
      });
    const ids = (listings: readonly Listing[]) => listings.map(({ subjectId }) => subjectId);
    const stored = async (n: number) => {
      const found = await store.listing(due(n));
      if (!found) throw new Error(`no listing ${n}`);
      return found;
    };

    describe('are claimed', () => {
      it('when they differ, or are unsure, and no others', async () => {
        const known = busyFingerprint('block', span(0, 20));
        await put([
          due(1),
          due(2, 40, { desired: null, known }),
          due(3, 60, { desired: known, known, unsure: true }),
          due(4, 80, { desired: known, known }),
          due(5, 100, { desired: null, known: null }),
          due(6, 120, { connectionId: 'west', calendar: 'w-doctor' }),
        ]);
        expect(ids(await claim())).to.deep.equal([1, 2, 3].map(uuid));
      });

      it('of the subjects that are named only', async () => {
        await put([due(1), due(2, 40), due(3, 60, { desired: null, known: null })]);
        expect(ids(await claim({ subjectIds: [uuid(2), uuid(3)] }))).to.deep.equal([uuid(2)]);
        expect(ids(await claim({ subjectIds: [] }))).to.deep.equal([]);
        expect(ids(await claim())).to.deep.equal([uuid(1)]);
      });

      it('the soonest time first, and no more than asked for', async () => {
        await put([due(1, 80), due(2, 20), due(3, 60), due(4, 40)]);
        expect(ids(await claim({ limit: 3 }))).to.deep.equal([2, 4, 3].map(uuid));
        expect(ids(await claim({ limit: 3 }))).to.deep.equal([uuid(1)]);
      });

      it('in that order also where the database goes through them in another', async () => {
        await put([due(1, 80), due(2, 20), due(3, 60), due(4, 40)]);
        const claimed = await open().transaction(async (transaction) => {
          await transaction.script(
            'set local enable_indexscan = off; set local enable_bitmapscan = off; set local enable_nestloop = off',
          );
          const options = { now: NOW, leaseUntil: LEASE_UNTIL, limit: 3, writeAhead: false };
          return claimListings(transaction, 'east', options);
        });
        expect(ids(claimed)).to.deep.equal([2, 4, 3].map(uuid));
      });

      it('once until they come back from where they are hidden', async () => {
        await put([due(1)]);
        expect(await claim()).to.have.length(1);
        expect(await claim({ now: plus(LEASE_UNTIL, -1) })).to.deep.equal([]);
        const again = await claim({ now: LEASE_UNTIL });
        expect(again.map(({ attempts }) => attempts)).to.deep.equal([2]);
      });

      it('by two workers at once without one in common', async () => {
        await put(Array.from({ length: 40 }, (_, n) => due(n + 1)));
        const claims = await Promise.all(Array.from({ length: 4 }, () => claim({ limit: 10 })));
        const claimed = claims.flatMap(ids);
        expect(new Set(claimed).size).to.equal(claimed.length);
        // A worker may pass over what another has in hand and get fewer; nothing is lost by that.
        const rest = ids(await claim());
        expect([...claimed, ...rest].sort()).to.deep.equal(
          Array.from({ length: 40 }, (_, n) => uuid(n + 1)).sort(),
        );
      });

      it('and dated: a reading that began before says nothing against what is being written', async () => {
        await put([due(1)]);
        expect((await claim())[0]?.knownAt).to.equal(NOW);
        expect((await stored(1)).knownAt).to.equal(NOW);
      });

      for (const [writeAhead, unsure, afterwards] of [
        [true, false, true],
        [true, true, true],
        [false, false, false],
        [false, true, true],
      ] as const) {
        it(`${writeAhead ? 'with' : 'without'} a note ahead and ${unsure ? '' : 'not '}unsure: stored as ${afterwards}`, async () => {
          await put([due(1, 20, { unsure })]);
          expect((await claim({ writeAhead }))[0]?.unsure).to.equal(unsure);
          expect((await stored(1)).unsure).to.equal(afterwards);
        });
      }

      it('at home: stored as unsure whatever the platform, as what is written is looked at before it is booked over', async () => {
        await put([due(1, 20, { home: 'stands' })]);
        expect((await claim({ writeAhead: false }))[0]?.unsure).to.equal(false);
        expect((await stored(1)).unsure).to.equal(true);
      });

      it('with what the platform must be told: where it was made, when, and on which slot', async () => {
        await store.transaction((transaction) =>
          transaction.apply(
            { ...NO_CHANGES, busy: [busy(1, span(20, 40), { changedAt: at(-42) })], listings: [due(1)] },
            at(-30),
          ),
        );
        const [first] = await claim();
        expect(first).to.include({
          originId: 'east',
          changedAt: at(-42),
          busyKind: 'appointment',
          since: at(-30),
          attempts: 1,
          slot: null,
          sealedPatient: null,
          appointmentStatus: null,
        });
      });

      it('again as soon as they are to be otherwise than when they failed', async () => {
        await put([due(1)]);
        await claim();
        await store.recordFailure(due(1), { nextAttemptAt: at(600), error: 'no', unsure: false }, NOW);
        expect(await claim({ now: at(10) })).to.deep.equal([]);
        await put([due(1, 20, { desired: 'otherwise' as Fingerprint })], 10);
        expect(
          (await claim({ now: at(10) })).map(({ attempts, since }) => ({ attempts, since })),
        ).to.deep.equal([{ attempts: 1, since: at(10) }]);
      });

      it('as differing since they began to, although they are written anew meanwhile', async () => {
        await put([due(1)], -30);
        await put([due(1, 20, { unsure: true })], -20);
        expect((await claim())[0]?.since).to.equal(at(-30));
      });
    });

    describe('that differ', () => {
      beforeEach(() => open().script(MANY));

      const plan = async (on: Pick<Database, 'query'>): Promise<string> => {
        const lines: string[] = [];
        const explaining = {
          script: () => Promise.reject(new Error('not called')),
          query: async <T extends Row>(text: string, parameters?: readonly unknown[]): Promise<T[]> => {
            const rows = await on.query<{ 'QUERY PLAN': string }>(`explain ${text}`, parameters);
            lines.push(...rows.map((row) => row['QUERY PLAN']));
            return [];
          },
        };
        await claimListings(explaining, 'east', {
          now: NOW,
          leaseUntil: LEASE_UNTIL,
          limit: 64,
          writeAhead: true,
        });
        return lines.join('\n');
      };

      it('are found by the index of those that differ, which is small when all is well', async () => {
        const embedded = await isEmbedded(open());
        const text = await open().transaction(async (transaction) => {
          // A server that has counted its rows chooses the index by itself.
          if (embedded) await transaction.script('set local enable_seqscan = off');
          return plan(transaction);
        });
        expect(text).to.match(/Index Scan using listing_differs on listing/);
      });
    });

    describe('that were written', () => {
      const known = busyFingerprint('block', span(20, 40));
      const recorded = { known, externalId: 'there', revision: 'r1', sequence: null };

      it('are known, sure and no longer due', async () => {
        await put([due(1)]);
        await claim({ writeAhead: true });
        await store.recordKnown(due(1), recorded, at(2));
        expect(await stored(1)).to.include({ ...recorded, unsure: false, attempts: 0, knownAt: at(2) });
        expect(await claim({ now: at(60) })).to.deep.equal([]);
      });

      it('keep their id at the platform when the answer names none', async () => {
        await put([due(1, 20, { externalId: 'before' })]);
        await store.recordKnown(due(1), { ...recorded, externalId: null }, at(2));
        expect((await stored(1)).externalId).to.equal('before');
      });

      for (const [stands, answer, taken] of [
        [5, 4, false],
        [5, 5, true],
        [5, 6, true],
        [5, null, true],
        [null, 1, true],
      ] as const) {
        it(`sequence ${stands}, answered with ${answer}: ${taken ? 'recorded' : 'ignored, something newer was observed'}`, async () => {
          await put([due(1, 20, { sequence: stands, known: 'seen' as Fingerprint })]);
          await store.recordKnown(due(1), { ...recorded, sequence: answer }, at(2));
          const after = await stored(1);
          expect(after.known).to.equal(taken ? known : 'seen');
          expect(after.sequence).to.equal(taken ? (answer ?? stands) : stands);
        });
      }

      it('are not forgotten when what we want of them changes at the same moment', async () => {
        await put([due(1)]);
        await claim();
        const embedded = await isEmbedded(open());
        let written: Promise<void> = Promise.resolve();
        await store.transaction(async (transaction) => {
          const [before] = await transaction.listingsBySubject([uuid(1)]);
          // The answer arrives between the look and the decision. On the server it has to wait for us.
          written = store.recordKnown(due(1), recorded, at(2));
          if (!embedded)
            await Promise.race([written, until('a wait for the lock', () => somebodyWaits(open()))]);
          if (before)
            await transaction.apply({ ...NO_CHANGES, listings: [{ ...before, desired: null }] }, at(2));
        });
        await written;
        expect(await stored(1)).to.include({ desired: null, known, externalId: 'there' });
        expect(ids(await claim({ now: at(60) }))).to.deep.equal([uuid(1)]);
      });
    });

    it('of time that has passed are left as they stand, but a booking', async () => {
      const ended = { externalId: 'e', known: busyFingerprint('block', span(-40, -20)) };
      await put([
        due(1, -20),
        due(2, -40, { ...ended, desired: null }),
        due(3, -19),
        due(4, -20, { kind: 'booking', desired: busyFingerprint('appointment', span(-20, 0)) }),
      ]);
      await store.settlePast(NOW);
      expect((await claim()).map(({ subjectId }) => subjectId)).to.have.members([uuid(3), uuid(4)]);
      const left = await store.listing({ connectionId: 'east', calendar: 'e-doctor', subjectId: uuid(2) });
      expect(left?.desired).to.equal(ended.known);
    });

    it('of what was moved into time that has passed go from where they stand, when that is still to come', async () => {
      const moved = { externalId: 'e', known: busyFingerprint('block', span(0, 20)) };
      const offer = `offer/${at(0)}/${at(20)}/content` as Fingerprint;
      await put([
        due(1, -20, moved),
        due(2, -20, { kind: 'offer', known: offer, externalId: 'o' }),
        due(3, -20, { ...moved, desired: null }),
      ]);
      await store.settlePast(NOW);
      const desired = (n: number) => stored(n).then((listing) => listing?.desired);
      expect([await desired(1), await desired(2), await desired(3)]).to.deep.equal([null, null, null]);
      expect((await claim()).map(({ subjectId }) => subjectId)).to.have.members([uuid(1), uuid(2), uuid(3)]);
    });

    it('that failed say why, and wait', async () => {
      await put([due(1)]);
      await store.recordFailure(
        due(1),
        { nextAttemptAt: at(5), error: 'throttled: slow', unsure: true },
        at(1),
      );
      expect(await stored(1)).to.include({ unsure: true, knownAt: at(1) });
      const rows = await open().query('select last_error, next_attempt_ms from listing');
      expect(rows).to.deep.equal([{ last_error: 'throttled: slow', next_attempt_ms: at(5) }]);
      expect(await store.connectionsDue(at(4))).to.deep.equal([]);
      expect(await store.connectionsDue(at(5))).to.deep.equal(['east']);
    });

    it('that a platform shows are those that it is known, or may turn out, to show there and then', async () => {
      const known = busyFingerprint('block', span(20, 40));
      await put([
        due(1, 20, { known }),
        due(2, 40, { unsure: true }),
        due(3, 60),
        due(4, 80, { known, desired: null }),
        due(5, 100, { known, calendar: 'e-walk-in' }),
        due(6, 120, { known }),
        due(7, 0, { known, connectionId: 'west' }),
      ]);
      const shown = await store.transaction((transaction) =>
        transaction.listingsShown('east', ['e-doctor'], span(20, 120)),
      );
      expect(ids(shown).sort()).to.deep.equal([1, 2, 4].map(uuid));
    });
  });
});

const isEmbedded = async (database: Database): Promise<boolean> => {
  const [row] = await database.query<{ version: string }>('select version()');
  return row?.version.includes('PGlite') ?? false;
};

async function somebodyWaits(database: Database): Promise<boolean> {
  const rows = await database.query(
    "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  return rows.length > 0;
}

/** A clinic's month that has converged, but for three. */
const MANY = `
insert into listing (connection_id, calendar, subject_id, kind, schedule_id, start_ms, end_ms, desired, known, known_ms,
  since_ms)
select 'east', 'e-doctor', gen_random_uuid(), 'block', 'doctor-here', n, n + 1, 'x', case when n > 3 then 'x' end, 0, 0
from generate_series(1, 4000) as n;
analyze listing`;

describe('a listing that is decided about', () => {
  let opened: OpenDatabase;

  // The embedded database has one transaction at a time.
  before(
    requireServer('PostgreSQL', hasPostgres, async () => {
      opened = await freshPostgres();
    }),
  );
  after(() => opened?.drop());

  it('is claimed by nobody before the transaction is over', async () => {
    const store = createStore(opened.database);
    await store.applyDirectory(entries(), []);
    await store.transaction((transaction) =>
      transaction.apply({ ...NO_CHANGES, listings: [due(1), due(2)] }, at(-30)),
    );
    const claim = async () => {
      const options = { now: NOW, leaseUntil: LEASE_UNTIL, limit: 64, writeAhead: false };
      return (await store.claimListings('east', options)).map(({ subjectId }) => subjectId);
    };
    await store.transaction(async (transaction) => {
      await transaction.listingsBySubject([uuid(1)]);
      expect(await claim()).to.deep.equal([uuid(2)]);
    });
    expect(await claim()).to.deep.equal([uuid(1)]);
  });
});

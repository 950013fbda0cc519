import { expect } from 'chai';
import { manifest } from '../../adapters/rvsq/manifest.ts';
import type { Known, Operations, Platform, WebhookOutcome } from '../../src/adapter/contract.ts';
import { markOf, type ObservedBusy } from '../../src/adapter/observation.ts';
import { type Instant, plus } from '../../src/domain/instant.ts';
import { busyFingerprint, type Listing } from '../../src/domain/listing.ts';
import { deliver } from '../../src/engine/deliver.ts';
import { WHOLE_CONNECTION } from '../../src/engine/observe.ts';
import { receive } from '../../src/engine/receive.ts';
import { manualClock } from '../adapter/manual-clock.ts';
import { at, busy, entries, listing, NO_CHANGES, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { engineContext } from '../support/engine-context.ts';

/** What the engine does when it does not know what became of a write, or of a message. The platform is scripted. */

const NOW = at(-60);
const FEED = { connectionId: 'west', feedId: WHOLE_CONNECTION };
const BLOCK = busyFingerprint('block', span(0, 20));

describe('a lost answer', () => {
  onEachDatabase((open) => {
    const calls: string[] = [];
    let clock = manualClock(NOW);
    let standing: ObservedBusy[] = [];
    /** What happens while a write is under way. */
    let meanwhile: () => Promise<void> = async () => undefined;
    let delivery: WebhookOutcome = { outcome: 'hint', calendars: null };

    const remove = async ({ known }: { known: Known }) => {
      calls.push(`unblock ${known.externalId}`);
      await meanwhile();
      standing = standing.filter((row) => row.externalId !== known.externalId);
      return { outcome: 'done', externalId: null, revision: null, sequence: null } as const;
    };
    const operations: Partial<Operations> = {
      block: async ({ known }) => {
        calls.push(known ? `replace ${known.externalId}` : 'block');
        await meanwhile();
        return { outcome: 'done', externalId: 'made', revision: null, sequence: null };
      },
      unblock: remove,
    };
    const platform: Partial<Platform> = {
      operations,
      readBack: async (_calendar, mark) => {
        calls.push('look');
        return standing.filter((row) => row.mark === mark);
      },
      webhook: async () => delivery,
    };
    const contextOf = () => engineContext(open(), { platform, manifest, clock });

    const west = (more: Partial<Listing>): Listing =>
      listing(1, span(0, 20), {
        connectionId: 'west',
        calendar: 'w-doctor',
        kind: 'block',
        desired: BLOCK,
        known: null,
        externalId: null,
        ...more,
      });
    const shown = (externalId: string): ObservedBusy => ({
      kind: 'busy',
      externalId,
      calendar: 'w-doctor',
      interval: span(0, 20),
      mark: markOf(uuid(1)),
      revision: null,
      sequence: null,
      busyKind: 'block',
      expiresAt: null,
      changedAt: null,
    });
    const put = (listings: readonly Listing[]) =>
      contextOf().store.transaction((transaction) =>
        transaction.apply({ ...NO_CHANGES, busy: [busy(1, span(0, 20))], listings }, NOW),
      );
    const stored = async (): Promise<Listing> => {
      const found = await contextOf().store.listing(west({}));
      if (!found) throw new Error('no listing');
      return found;
    };
    const bring = () => deliver(contextOf(), 'west', new AbortController().signal);

    beforeEach(async () => {
      calls.length = 0;
      standing = [];
      clock = manualClock(NOW);
      meanwhile = async () => undefined;
      await open().script('truncate listing, busy_period, feed cascade');
      await contextOf().store.applyDirectory(entries(), [FEED]);
    });

    it('is looked up, and the row stays claimed and unsure until the next write is answered', async () => {
      await put([west({ unsure: true })]);
      let others: unknown = null;
      meanwhile = async () => {
        expect(await stored()).to.include({ unsure: true, known: null });
        others = await contextOf().store.claimListings('west', {
          now: clock.now(),
          leaseUntil: plus(clock.now(), 1_000),
          limit: 9,
          writeAhead: true,
        });
      };
      await bring();
      expect(calls).to.deep.equal(['look', 'block']);
      expect(others, 'nobody else writes it meanwhile').to.deep.equal([]);
      expect(await stored()).to.include({ unsure: false, known: BLOCK, externalId: 'made' });
    });

    it('is not awaited by anybody else, whatever is wanted while the write is under way', async () => {
      await put([west({})]);
      const others: unknown[] = [];
      meanwhile = async () => {
        meanwhile = async () => undefined;
        for (const desired of [null, BLOCK]) {
          await put([{ ...(await stored()), desired }]);
          await deliver(contextOf(), 'west', new AbortController().signal);
          others.push([...calls]);
        }
      };
      await bring();
      expect(others, 'nobody else looks or writes').to.deep.equal([['block'], ['block']]);
      expect(calls).to.deep.equal(['block']);
      expect(await stored()).to.include({ unsure: false, known: BLOCK, externalId: 'made' });
    });

    it('is no hindrance to what is wanted once it is there', async () => {
      await put([west({})]);
      meanwhile = async () => {
        meanwhile = async () => undefined;
        await put([{ ...(await stored()), desired: null }]);
      };
      await bring();
      expect(calls).to.deep.equal(['block', 'unblock made']);
      expect(await stored()).to.include({ unsure: false, desired: null, known: null });
    });

    it('of a write that nobody wants any more, and that did not land, is forgotten', async () => {
      await put([west({ unsure: true, desired: null })]);
      await bring();
      expect(calls).to.deep.equal(['look']);
      expect(await stored()).to.include({ unsure: false, known: null });
    });

    it('that had landed is not written again', async () => {
      standing = [shown('b-1')];
      await put([west({ unsure: true })]);
      await bring();
      expect(calls).to.deep.equal(['look']);
      expect(await stored()).to.include({ unsure: false, known: BLOCK, externalId: 'b-1' });
    });

    it('that had landed twice leaves one', async () => {
      standing = [shown('b-1'), shown('b-2')];
      await put([west({ unsure: true })]);
      await bring();
      expect(calls).to.deep.equal(['look', 'unblock b-2']);
      expect(standing.map((row) => row.externalId)).to.deep.equal(['b-1']);
      expect(await stored()).to.include({ unsure: false, known: BLOCK, externalId: 'b-1' });
    });

    it('of a removal needs no look: to remove by id is safe to repeat', async () => {
      standing = [shown('b-1')];
      await put([west({ unsure: true, desired: null, known: BLOCK, externalId: 'b-1' })]);
      await bring();
      expect(calls).to.deep.equal(['unblock b-1']);
      expect(await stored()).to.include({ unsure: false, known: null });
    });

    describe('of the platform’s own message', () => {
      const dueAt = async (): Promise<Instant | undefined> => (await contextOf().store.feed(FEED))?.dueAt;
      const taken = (): Promise<number> =>
        contextOf().store.transaction(
          async (transaction) => (await transaction.busyOverlapping(['doctor'], span(0, 60))).length,
        );
      const READ_AT = plus(NOW, 60_000);
      const tell = async (changedAt: Instant) => {
        const row: ObservedBusy = { ...shown('w-9'), mark: null, busyKind: 'appointment', changedAt };
        delivery = { outcome: 'payload', rows: [row], removed: [], rejected: [] };
        expect(await receive(contextOf(), 'west', { headers: {}, body: Buffer.alloc(0) })).to.equal(
          'accepted',
        );
      };

      beforeEach(async () => {
        await contextOf().store.recordFeed(FEED, {
          cursor: null,
          unsettledAt: null,
          asOf: null,
          confirmedAt: READ_AT,
          completeAt: READ_AT,
          dueAt: plus(READ_AT, 60_000),
          suspicion: null,
          unreadable: null,
        });
        await clock.advance(70_000);
      });

      it('one that comes after a reading which did not meet the booking is settled by another reading', async () => {
        await tell(plus(READ_AT, -manifest.limits.stalenessMilliseconds));
        expect(await taken()).to.equal(0);
        expect(await dueAt()).to.equal(clock.now());
      });

      it('one that comes while a reading is under way is believed, and read again as soon as that has ended', async () => {
        const { store } = contextOf();
        const began = clock.now();
        await store.claimFeed(FEED, {
          now: began,
          leaseUntil: plus(began, 30_000),
          force: true,
          mapping: '',
        });
        await clock.advance(1_000);
        await tell(plus(began, -manifest.limits.stalenessMilliseconds));
        expect(await taken()).to.equal(1);
        expect(await dueAt()).to.equal(clock.now());
      });

      it('one that the reading under way will meet is believed, and nothing is read for its sake', async () => {
        const { store } = contextOf();
        const began = clock.now();
        await store.claimFeed(FEED, {
          now: began,
          leaseUntil: plus(began, 30_000),
          force: true,
          mapping: '',
        });
        await clock.advance(1_000);
        await tell(plus(began, 1 - manifest.limits.stalenessMilliseconds));
        expect(await taken()).to.equal(1);
        expect(await dueAt()).to.equal(plus(began, 30_000));
      });

      it('one of a booking that the reading may have missed is believed at once', async () => {
        await tell(plus(READ_AT, 1 - manifest.limits.stalenessMilliseconds));
        expect(await taken()).to.equal(1);
        expect(await dueAt()).to.equal(plus(READ_AT, 60_000));
      });
    });
  });
});

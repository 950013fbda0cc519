import { expect } from 'chai';
import { type Instant, MINUTE, plus, SECOND } from '../../src/domain/instant.ts';
import { UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import { commitBatch } from '../../src/engine/commit.ts';
import type { Context } from '../../src/engine/context.ts';
import { endHolds } from '../../src/engine/end-holds.ts';
import { hold } from '../../src/engine/hold.ts';
import { createStore } from '../../src/store/store.ts';
import { directory, span } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { type RuledClinic, ruledClinic } from '../support/ruled-clinic.ts';

/** Processes whose clocks differ from the database's, one way and the other. */
const FAST = 7 * MINUTE;
const SLOW = -7 * MINUTE;
const HELD = 5 * MINUTE;

describe('when a hold of ours is over', () => {
  onEachDatabase((open) => {
    let clinic: RuledClinic;
    /** What the database's clock says; a process has its own. */
    const now = (): Instant => clinic.clock.now();
    const process = (aheadMilliseconds: number): Context => ({
      ...clinic.context,
      store: { ...clinic.context.store, now: async () => now() },
      environment: {
        ...clinic.context.environment,
        clock: { ...clinic.clock, now: () => plus(now(), aheadMilliseconds) },
      },
    });
    const status = async () => (await open().query<{ status: string }>('select status from slot'))[0]?.status;

    beforeEach(async () => {
      clinic = await ruledClinic(open(), directory);
      await commitBatch(clinic.context, {
        connectionId: 'east',
        asOf: now(),
        settledAt: null,
        rows: [
          {
            kind: 'slot',
            externalId: 'east-0',
            calendar: 'e-doctor',
            interval: span(0, 20),
            mark: null,
            revision: null,
            sequence: null,
            attributes: UNKNOWN_ATTRIBUTES,
          },
        ],
        removed: [],
        isFirst: false,
        missing: null,
      });
    });

    async function held(by: Context): Promise<Instant> {
      const [row] = await open().query<{ id: string }>('select id from slot');
      const slot = await by.store.slotDetails(row?.id ?? '');
      if (!slot) throw new Error('no slot');
      const answer = await hold(by, createStore(open()), { slot, milliseconds: HELD });
      if (answer.outcome !== 'held') throw new Error(answer.outcome);
      return answer.expiresAt;
    }

    for (const [whose, holder] of [
      ['fast', FAST],
      ['slow', SLOW],
    ] as const) {
      it(`is promised by the database's clock, by a process whose own is ${whose}`, async () => {
        expect(await held(process(holder))).to.equal(plus(now(), HELD));
      });

      it(`is found by a process whose clock is ${whose}, then and no sooner`, async () => {
        await held(process(-holder));
        await clinic.clock.advance(HELD - SECOND);
        await endHolds(process(holder));
        expect(await status()).to.equal('busy-tentative');
        await clinic.clock.advance(SECOND);
        await endHolds(process(holder));
        expect(await status()).to.equal('free');
      });
    }
  });
});

import { expect } from 'chai';
import { manifest as vendor } from '../../adapters/bonjour-sante/manifest.ts';
import { manifest as rvsq } from '../../adapters/rvsq/manifest.ts';
import type { Manifest, Operations } from '../../src/adapter/contract.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import { busyFingerprint } from '../../src/domain/listing.ts';
import type { Calendar, Policy } from '../../src/domain/schedule.ts';
import { commitBatch } from '../../src/engine/commit.ts';
import { derivedId } from '../../src/engine/identity.ts';
import { CALENDARS, slot, span, under, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { AT_ONCE, type RuledClinic, ruledClinic } from '../support/ruled-clinic.ts';
import { manifestWithoutHolds } from '../support/without-holds.ts';

/** East sells 09:00 to 09:20. While it is asked for that, the clinic closes 09:10 to 09:30 on west. */

const CLOSED = span(10, 30);
const AT_EAST = { connectionId: 'east', calendar: 'e-doctor', subjectId: derivedId('busy', 'west', 'w-1') };
const HOLD_FIRST = { sharing: { mode: 'hold-first' } } as const;
const WEST_IS_FED: readonly Calendar[] = CALENDARS.map((calendar) => ({
  ...calendar,
  topology: calendar.connectionId === 'west' ? 'publish' : 'block',
}));

describe('what is closed elsewhere in the time of a booking that its platform is being asked for', () => {
  onEachDatabase((open) => {
    async function opened(policy: Partial<Policy>, manifest: Manifest, calendars = CALENDARS) {
      const clinic = await ruledClinic(open(), under(policy, calendars), AT_ONCE, manifest);
      await clinic.context.store.transaction((transaction) =>
        transaction.writeSlots([slot(1, span(0, 20))], clinic.clock.now()),
      );
      return clinic;
    }

    const closeAtWest = (clinic: RuledClinic) =>
      commitBatch(clinic.context, {
        connectionId: 'west',
        asOf: clinic.clock.now(),
        settledAt: null,
        rows: [
          {
            kind: 'busy',
            busyKind: 'block',
            externalId: 'w-1',
            calendar: 'w-doctor',
            interval: CLOSED,
            mark: null,
            revision: null,
            sequence: null,
            expiresAt: null,
            changedAt: null,
          },
        ],
        removed: [],
        isFirst: false,
        missing: null,
      });

    const wantedAtEast = async ({ context }: RuledClinic) =>
      (await context.store.listing(AT_EAST))?.desired ?? null;

    /** West is closed before east answers that it has done so. */
    function closeDuring(clinic: RuledClinic, asked: keyof Operations): void {
      clinic.answer = async (operation) => {
        if (operation === asked) {
          await closeAtWest(clinic);
          expect(await wantedAtEast(clinic), 'it would be in the way').to.equal(null);
          clinic.woken.length = 0;
        }
        return { outcome: 'done', externalId: `there-${operation}`, revision: null, sequence: null };
      };
    }

    const find = async ({ engine }: RuledClinic) => {
      const found = await engine.find(uuid(1));
      if (!found) throw new Error('no slot');
      return found;
    };

    async function book(clinic: RuledClinic, holdId: string | null = null): Promise<void> {
      const command = { slot: await find(clinic), patient: null, comment: null, holdId };
      expect((await clinic.engine.book(command)).outcome).to.equal('booked');
    }

    async function hold(clinic: RuledClinic): Promise<string> {
      const result = await clinic.engine.hold({ slot: await find(clinic), milliseconds: 10 * MINUTE });
      if (result.outcome !== 'held') throw new Error(result.outcome);
      return result.appointment.id;
    }

    async function expectClosed(clinic: RuledClinic): Promise<void> {
      expect(await wantedAtEast(clinic)).to.equal(busyFingerprint('block', CLOSED));
      expect(clinic.woken).to.include('east');
    }

    for (const [where, calendars] of [
      ['which has slots of its own', CALENDARS],
      ['which is fed', WEST_IS_FED],
    ] as const) {
      it(`is closed there once it is booked, where west, ${where}, was closed first`, async () => {
        const clinic = await opened(HOLD_FIRST, rvsq, calendars);
        closeDuring(clinic, 'book');
        await book(clinic);
        await expectClosed(clinic);
      });
    }

    it('is closed there once it is held, where west was closed first', async () => {
      const clinic = await opened(HOLD_FIRST, vendor);
      closeDuring(clinic, 'hold');
      await hold(clinic);
      await expectClosed(clinic);
    });

    // The one can hold, and the other is blocked in place of it.
    for (const manifest of [vendor, manifestWithoutHolds(rvsq)]) {
      it(`is closed there once what ${manifest.id} held is booked`, async () => {
        const clinic = await opened({}, manifest);
        const holdId = await hold(clinic);
        closeDuring(clinic, 'book');
        await book(clinic, holdId);
        await expectClosed(clinic);
      });
    }
  });
});

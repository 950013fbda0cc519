import { expect } from 'chai';
import { manifest as rvsq } from '../../adapters/rvsq/manifest.ts';
import { Fault } from '../../src/adapter/faults.ts';
import type { ObservedBusy } from '../../src/adapter/observation.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/instant.ts';
import { DEFAULT_POLICY, type Policy } from '../../src/domain/schedule.ts';
import { createPolicyPreviews } from '../../src/engine/preview/policy-previews.ts';
import { createReaders } from '../../src/store/readers.ts';
import { at, slot, span, under, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { AT_ONCE, type RuledClinic, ruledClinic } from '../support/ruled-clinic.ts';

/** What the engine leaves behind is what a preview is made of: each way in which a booking comes about, by the engine itself. */

const ACCEPT = {
  ...DEFAULT_POLICY,
  failover: { mode: 'accept', forMilliseconds: null, untilMillisecondsBefore: 0 },
} as const satisfies Policy;
const LIMIT = 23 * HOUR;

describe('what the engine leaves behind for a preview', () => {
  onEachDatabase((open) => {
    let clinic: RuledClinic;

    before(async () => {
      clinic = await ruledClinic(open(), under(ACCEPT), AT_ONCE, rvsq);
      const slots = [0, 1, 2, 3, 4, 5].map((n) => slot(n + 1, span(n * 20, n * 20 + 20)));
      await clinic.context.store.transaction((on) => on.writeSlots(slots, at(-3000)));
      await happen();
      await clinic.clock.advance(3 * DAY);
    });

    const found = async (number: number) => {
      const details = await clinic.engine.find(uuid(number));
      if (!details) throw new Error('no slot');
      return details;
    };
    const book = async (number: number, holdId: string | null = null): Promise<string> => {
      const booked = await clinic.engine.book({
        slot: await found(number),
        patient: null,
        comment: null,
        holdId,
      });
      if (!('appointment' in booked)) throw new Error(booked.outcome);
      return booked.appointment.id;
    };
    const hold = async (number: number, minutes: number): Promise<string> => {
      const held = await clinic.engine.hold({ slot: await found(number), milliseconds: minutes * MINUTE });
      if (held.outcome !== 'held') throw new Error(held.outcome);
      return held.appointment.id;
    };
    const sold = (number: number): ObservedBusy => ({
      ...{
        kind: 'busy',
        calendar: 'w-doctor',
        externalId: `w-${number}`,
        busyKind: 'appointment',
        mark: null,
      },
      ...{ interval: span(number * 20, number * 20 + 20), revision: null, sequence: null, expiresAt: null },
      changedAt: null,
    });

    /** From 24 hours and 10 minutes before nine on. */
    async function happen(): Promise<void> {
      const early = await book(1);
      const second = await book(2);
      const held = await hold(3, 30);
      await clinic.clock.advance(12 * MINUTE);
      await book(3, held);
      const left = await hold(4, 30);
      await clinic.clock.advance(6 * MINUTE);
      await clinic.engine.cancel(left);
      expect((await clinic.engine.cancel(early)).outcome).to.equal('cancelled');
      await clinic.clock.advance(2 * HOUR);
      expect((await clinic.engine.cancel(second)).outcome).to.equal('cancelled');
      clinic.sold.push(sold(4));
      await clinic.engine.run({ kind: 'observe', connectionId: 'west', feedId: '*' });
      clinic.fault = new Fault('unavailable', 'nobody there');
      await book(6);
      clinic.fault = null;
    }

    const preview = (policy: Partial<Policy>) =>
      createPolicyPreviews({
        ...{ directory: clinic.context.directory, reader: createReaders(open()), clock: clinic.clock },
        cancels: () => true,
      }).preview('doctor-here', { ...ACCEPT, ...policy }, 'last');

    it('tells each booking by how and where it was made, and none of what was only held', async () => {
      const { current } = await preview({});
      expect(current.bookings).to.deep.include({ made: 5, refused: 0 });
      expect(
        current.platforms.map(({ connectionId, bookings, minutesSold }) => [
          connectionId,
          bookings,
          minutesSold,
        ]),
      ).to.deep.equal([
        ['east', 4, 40],
        ['west', 1, 0],
      ]);
      expect(current.cancellations).to.deep.equal({ made: 2, refused: 0 });
      expect(current.accepted.made).to.equal(1);
      expect(current.holds).to.deep.equal({ made: 2, shorter: 0, longer: 0, minutes: 18 });
    });

    it('is enough to say what each rule would have changed', async () => {
      const kinds = async (policy: Partial<Policy>) =>
        (await preview(policy)).cases.map(({ kind, how, candidate }) => [kind, how, candidate.outcome]);
      expect(await kinds({})).to.deep.equal([]);
      expect(await kinds({ cancellation: { untilMillisecondsBefore: LIMIT } })).to.deep.equal([
        ['cancellation', 'passerelle', 'refused'],
      ]);
      expect(await kinds({ failover: { mode: 'refuse' } })).to.deep.equal([
        ['booking', 'passerelle', 'refused'],
      ]);
      expect(
        await kinds({ holds: { usualMilliseconds: 2 * MINUTE, mostMilliseconds: 5 * MINUTE } }),
      ).to.deep.equal([
        ['hold', 'passerelle', 'shorter'],
        ['hold', 'passerelle', 'shorter'],
      ]);
      expect(await kinds({ release: { kind: 'before', milliseconds: LIMIT } })).to.deep.equal(
        Array(4).fill(['booking', 'passerelle', 'refused']),
      );
      const sharing: Policy['sharing'] = {
        ...{
          mode: 'allotted',
          shares: { east: 1, west: 1 },
          unitMinutes: 60,
          pooledMillisecondsBefore: HOUR,
        },
      };
      // Nine o’clock is of east; ten is of west, which sold its booking of it.
      expect(await kinds({ sharing })).to.deep.equal([['booking', 'passerelle', 'refused']]);
    });
  });
});

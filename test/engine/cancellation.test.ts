import { expect } from 'chai';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { cancellableUntil, DEFAULT_POLICY } from '../../src/domain/schedule.ts';
import { commitBatch } from '../../src/engine/commit.ts';
import { at, slot, span, under, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { type RuledClinic, ruledClinic } from '../support/ruled-clinic.ts';

const TWENTY_FOUR = { untilMillisecondsBefore: 24 * HOUR };

describe('how late an appointment may be cancelled', () => {
  it('is so long before its start, and by default until it starts', () => {
    const policy = { ...DEFAULT_POLICY, cancellation: TWENTY_FOUR };
    expect(cancellableUntil(policy, at(0))).to.equal(at(-24 * 60));
    expect(cancellableUntil(DEFAULT_POLICY, at(0))).to.equal(at(0));
  });

  onEachDatabase((open) => {
    /** Books 09:00, a day and ten minutes ahead. */
    async function booked(clinic: RuledClinic): Promise<string> {
      await clinic.context.store.transaction((transaction) =>
        transaction.writeSlots([slot(1, span(0, 20))], at(-3000)),
      );
      const found = await clinic.engine.find(uuid(1));
      if (!found) throw new Error('no slot');
      const answer = await clinic.engine.book({ slot: found, patient: null, comment: null, holdId: null });
      if (answer.outcome !== 'booked') throw new Error(answer.outcome);
      return answer.appointment.id;
    }

    const standing = async () =>
      (await open().query('select from busy_period where ended_ms is null')).length === 1;

    it('cancels until then, and from then on refuses and changes nothing', async () => {
      const clinic = await ruledClinic(open(), under({ cancellation: TWENTY_FOUR }));
      const id = await booked(clinic);
      await clinic.clock.advance(10 * MINUTE);
      expect(await clinic.engine.cancel(id)).to.deep.equal({ outcome: 'too-late', until: at(-24 * 60) });
      expect(await standing()).to.equal(true);
      expect((await clinic.engine.find(uuid(1)))?.status).to.equal('busy');

      const sooner = await ruledClinic(open(), under({ cancellation: TWENTY_FOUR }));
      const other = await booked(sooner);
      await sooner.clock.advance(10 * MINUTE - 1);
      expect((await sooner.engine.cancel(other)).outcome).to.equal('cancelled');
      expect(await standing()).to.equal(false);
    });

    it('without a rule still refuses what has begun', async () => {
      const clinic = await ruledClinic(open(), under({}));
      const id = await booked(clinic);
      await clinic.clock.advance(24 * HOUR + 10 * MINUTE);
      expect(await clinic.engine.cancel(id)).to.deep.equal({ outcome: 'too-late', until: at(0) });
      expect(await standing()).to.equal(true);
    });

    it('goes on answering that what is cancelled is cancelled', async () => {
      const clinic = await ruledClinic(open(), under({ cancellation: TWENTY_FOUR }));
      const id = await booked(clinic);
      await clinic.engine.cancel(id);
      await clinic.clock.advance(HOUR);
      expect((await clinic.engine.cancel(id)).outcome).to.equal('cancelled');
    });

    it('says nothing of a cancellation that is seen on a platform: that is a fact', async () => {
      const clinic = await ruledClinic(open(), under({ cancellation: TWENTY_FOUR }));
      const id = await booked(clinic);
      await clinic.clock.advance(24 * HOUR);
      await commitBatch(clinic.context, {
        connectionId: 'east',
        asOf: clinic.clock.now(),
        settledAt: null,
        rows: [],
        removed: [{ kind: 'busy', externalId: `there-passerelle:${id}`, sequence: null }],
        isFirst: false,
        missing: null,
      });
      expect(await standing()).to.equal(false);
      expect((await clinic.engine.find(uuid(1)))?.status).to.equal('free');
    });
  });
});

import { expect } from 'chai';
import { manifest } from '../../adapters/hl7v2-siu/manifest.ts';
import { Fault } from '../../src/adapter/faults.ts';
import type { ObservedBusy } from '../../src/adapter/observation.ts';
import { HOUR, MINUTE, plus } from '../../src/domain/instant.ts';
import { hear } from '../../src/engine/receive.ts';
import { at, directory, span } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { type RuledClinic, ruledClinic } from '../support/ruled-clinic.ts';

const BOOKING: ObservedBusy = {
  kind: 'busy',
  busyKind: 'appointment',
  externalId: 'F1',
  calendar: 'e-doctor',
  interval: span(0, 20),
  mark: null,
  revision: null,
  sequence: null,
  expiresAt: null,
  changedAt: at(-24 * 60 - 10),
};
const payload = { outcome: 'payload', rows: [], removed: [], rejected: [] } as const;

describe('a platform that cannot be asked', () => {
  onEachDatabase((open) => {
    let clinic: RuledClinic;
    beforeEach(async () => {
      clinic = await ruledClinic(open(), directory, undefined, manifest);
    });

    const west = () => clinic.asked.map(({ operation, calendar }) => `${operation} ${calendar}`);
    const read = () => clinic.engine.run({ kind: 'observe', connectionId: 'east', feedId: '*' });
    const deliver = () => clinic.engine.run({ kind: 'deliver', connectionId: 'west' });
    const confirmedAt = async () =>
      (await clinic.context.store.feed({ connectionId: 'east', feedId: '*' }))?.confirmedAt ?? null;
    const booked = () => clinic.engine.hear('east', { ...payload, rows: [BOOKING] });

    it('has what it tells closed elsewhere, and opened again when it tells that', async () => {
      await booked();
      await deliver();
      expect(west()).to.deep.equal(['block w-doctor']);
      await clinic.clock.advance(MINUTE);
      await clinic.engine.hear('east', {
        ...payload,
        removed: [{ kind: 'busy', externalId: 'F1', sequence: null }],
      });
      await deliver();
      expect(west()).to.deep.equal(['block w-doctor', 'unblock w-doctor']);
    });

    it('tells a thing twice, and nothing more is done', async () => {
      await booked();
      await booked();
      await deliver();
      expect(west()).to.deep.equal(['block w-doctor']);
    });

    it('is confirmed by what it says and by its silence, and by no reading', async () => {
      await read();
      expect(await confirmedAt()).to.equal(null);
      const first = clinic.clock.now();
      await booked();
      expect(await confirmedAt()).to.equal(first);
      await clinic.clock.advance(2 * HOUR);
      await read();
      expect(await confirmedAt()).to.equal(first);
      await clinic.engine.hear('east', { outcome: 'silence' });
      expect(await confirmedAt()).to.equal(plus(first, 2 * HOUR));
    });

    it('that cannot be heard is said to be so, and is confirmed by nothing', async () => {
      await clinic.engine.hear('east', { outcome: 'silence' });
      const before = await confirmedAt();
      await clinic.clock.advance(MINUTE);
      const said: string[] = [];
      const context = { ...clinic.context, onError: (where: string) => void said.push(where) };
      await hear(context, 'east', { outcome: 'deaf', fault: new Fault('unauthorized', 'refused') });
      expect(said).to.deep.equal(['listening to east: unauthorized: refused']);
      expect(await confirmedAt()).to.equal(before);
    });

    it('keeps what stands, since no reading of it is whole', async () => {
      await booked();
      await deliver();
      await clinic.clock.advance(7 * HOUR);
      await read();
      await deliver();
      expect(west()).to.deep.equal(['block w-doctor']);
    });

    it('is written to again when an answer was lost, as it cannot be looked at', async () => {
      await booked();
      clinic.fault = new Fault('unsure', 'no acknowledgement');
      await deliver();
      clinic.fault = null;
      await clinic.clock.advance(MINUTE);
      await deliver();
      expect(west()).to.deep.equal(['block w-doctor']);
      const listings = await open().query("select desired, known, unsure from listing where kind = 'block'");
      expect(listings.map(({ unsure }) => unsure)).to.deep.equal([false]);
    });

    it('is said to be unreachable by what is written, and not called well by a reading', async () => {
      await booked();
      clinic.fault = new Fault('unavailable', 'not reached');
      await deliver();
      const failures = async () => (await clinic.context.store.connectionState('west')).failures;
      const before = await failures();
      expect(before).to.be.greaterThan(0);
      await clinic.clock.advance(MINUTE);
      await clinic.engine.run({ kind: 'observe', connectionId: 'west', feedId: '*' });
      expect(await failures()).to.equal(before);
    });
  });
});

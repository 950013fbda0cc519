import { expect } from 'chai';
import type { EngineEvent } from '../../src/engine/ports/events.ts';
import { createStore } from '../../src/store/store.ts';
import { at, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';

const booked: EngineEvent = {
  type: 'appointment.booked',
  at: at(0),
  connectionId: 'east',
  busyId: uuid(1),
  scheduleId: 'doctor-here',
  interval: span(0, 20),
};
const closed: EngineEvent = {
  type: 'listing.closed',
  at: at(1),
  connectionId: 'west',
  originId: 'east',
  busyKind: 'appointment',
  subjectId: uuid(2),
  scheduleId: 'doctor-here',
  interval: span(0, 20),
  lagMilliseconds: 412,
};
const down: EngineEvent = {
  type: 'connection.down',
  at: at(2),
  connectionId: 'west',
  reason: 'unavailable: x',
};

describe('the event log', () => {
  onEachDatabase((open) => {
    const stored = () =>
      open().query('select at_ms, type, connection_id, subject_id, data from event order by id');

    before(() => createStore(open()).appendEvents([booked, closed, down]));

    it('keeps the events in their order, each whole and with what it is searched by', async () => {
      expect(await stored()).to.deep.equal([
        { at_ms: at(0), type: booked.type, connection_id: 'east', subject_id: uuid(1), data: booked },
        { at_ms: at(1), type: closed.type, connection_id: 'west', subject_id: uuid(2), data: closed },
        { at_ms: at(2), type: down.type, connection_id: 'west', subject_id: null, data: down },
      ]);
    });

    for (const statement of [
      "update event set data = '{}'",
      'update event set type = type where false',
      'delete from event',
      'truncate event',
    ]) {
      it(`only grows: ${statement} is refused`, async () => {
        const before = await stored();
        const refusal = await open()
          .script(statement)
          .then(
            () => null,
            (error: Error) => error.message,
          );
        expect(refusal).to.match(/append-only/);
        expect(await stored()).to.deep.equal(before);
      });
    }

    it('appends nothing for no events', async () => {
      const before = await stored();
      await createStore(open()).appendEvents([]);
      expect(await stored()).to.deep.equal(before);
    });
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import type { SlotWrite, Store } from '../../src/engine/ports/store.ts';
import { createStore } from '../../src/store/store.ts';
import { at, entries, slot, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { wholeOf } from '../support/parted-text.ts';

type Stored = {
  external_id: string;
  calendar: string;
  schedule_id: string;
  start_ms: number;
  end_ms: number;
  attributes: string;
  content: string;
  revision: string | null;
  sequence: number | null;
  document: string;
};

describe('slots', () => {
  onEachDatabase((open) => {
    let store: Store;

    before(async () => {
      store = createStore(open());
      await store.applyDirectory(entries(), []);
    });
    beforeEach(() => open().script('truncate slot, slot_version'));

    const write = (how: 'insertSlots' | 'writeSlots', slots: readonly SlotWrite[]) =>
      store.transaction((transaction) => transaction[how](slots, at(0)));
    const stored = () => open().query<Stored>('select * from slot order by start_ms');
    const asStored = (written: SlotWrite): Stored => ({
      external_id: written.externalId,
      calendar: written.calendar,
      schedule_id: written.scheduleId,
      start_ms: written.interval.start,
      end_ms: written.interval.end,
      attributes: JSON.stringify(written.attributes),
      content: written.content,
      revision: written.revision,
      sequence: written.sequence,
      document: wholeOf(written.document),
    });

    it('end by what is not older than what is known of them', async () => {
      const numbered = [1, 2, 3].map((n) => slot(n, span(n * 20, n * 20 + 20), { sequence: 5 }));
      const [first, second, third] = [...numbered, slot(4, span(80, 100))].map(
        ({ externalId }) => externalId,
      );
      await write('insertSlots', [...numbered, slot(4, span(80, 100))]);
      const gone = [
        { externalId: first ?? '', sequence: 4 },
        { externalId: second ?? '', sequence: 5 },
        { externalId: third ?? '', sequence: null },
        { externalId: 'slot-4', sequence: 1 },
      ];
      const removed = await store.transaction((transaction) => transaction.removeSlots('east', gone, at(1)));
      expect(removed.map(({ id }) => id)).to.have.members([2, 3, 4].map(uuid));
      expect((await stored()).map((row) => row.external_id)).to.deep.equal(['slot-1']);
    });

    it('end by the latest of what a page tells of them', async () => {
      await write('insertSlots', [slot(1, span(20, 40), { sequence: 7 })]);
      const gone = [5, 9].map((sequence) => ({ externalId: 'slot-1', sequence }));
      await store.transaction((transaction) => transaction.removeSlots('east', gone, at(1)));
      expect(await stored()).to.deep.equal([]);
    });

    it('are as new as the newest that was told of them, also where that told nothing else', async () => {
      const told = (sequence: number, content: string) =>
        store.transaction((transaction) =>
          transaction.slotsDiffering('east', [{ externalId: 'slot-1', content, sequence }]),
        );
      const first = slot(1, span(20, 40), { sequence: 5, content: 'here' });
      await write('insertSlots', [first]);
      expect(await told(5, 'here'), 'the same').to.deep.equal([]);
      expect(await told(9, 'here'), 'there and back').to.deep.equal([{ externalId: 'slot-1', id: uuid(1) }]);
      await write('writeSlots', [{ ...first, sequence: 9 }]);
      expect(await told(7, 'there'), 'old news').to.deep.equal([]);
    });

    // What a platform may call a thing: whatever it likes but NUL, which PostgreSQL has no place for.
    const name = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !text.includes('\u0000'));
    const forms = [
      { calendar: 'e-doctor', scheduleId: 'doctor-here', pieces: ['{"a":', ',"b":', '"'] },
      { calendar: 'e-other', scheduleId: 'doctor-here', pieces: ['{"a":', ',"b":', '"'] },
      { calendar: 'e-doctor', scheduleId: 'doctor-here', pieces: ['{"é’🩺"', '', '', '', '', ''] },
      { calendar: 'e-doctor', scheduleId: 'doctor-here', pieces: ['{'] },
    ];
    // As one and the same array also for two calendars, as a mapping that does not look at the calendar gives it.
    const shared = forms.map((form, index) =>
      index === 1 ? { ...form, pieces: forms[0]?.pieces ?? [] } : form,
    );
    const anySlot = fc.record({
      form: fc.constantFrom(...shared),
      values: fc.array(fc.string({ unit: 'grapheme' }), { minLength: 5, maxLength: 5 }),
      externalId: name,
      revision: fc.option(name),
      sequence: fc.option(fc.maxSafeNat()),
      bookingUrl: fc.option(fc.string({ unit: 'grapheme' })),
    });
    const slotsOf = (all: readonly (typeof anySlot extends fc.Arbitrary<infer T> ? T : never)[]) =>
      all.map(({ form, values, bookingUrl, ...more }, index) =>
        slot(index, span(index * 20, index * 20 + 20), {
          ...more,
          calendar: form.calendar,
          scheduleId: form.scheduleId,
          attributes: { ...UNKNOWN_ATTRIBUTES, bookingUrl },
          document: {
            pieces: form.pieces,
            values: values.slice(0, form.pieces.length - 1).map((value) => JSON.stringify(value)),
          },
        }),
      );
    const anySlots = fc
      .uniqueArray(anySlot, { minLength: 1, maxLength: 8, selector: ({ externalId }) => externalId })
      .map(slotsOf);

    for (const how of ['insertSlots', 'writeSlots'] as const) {
      it(`are stored as they are written by ${how}, whatever they hold`, () =>
        fc.assert(
          fc.asyncProperty(anySlots, async (slots) => {
            await open().script('truncate slot');
            await write(how, slots);
            const rows = await stored();
            expect(rows).to.have.length(slots.length);
            for (const [index, written] of slots.entries()) {
              expect(rows[index]).to.deep.include(asStored(written));
              expect(rows[index]).to.deep.include({ id: written.id, connection_id: 'east', version: 1 });
            }
          }),
          { seed: 20_261_125, numRuns: 60 },
        ));
    }

    it('that are there already are replaced, and keep their id', async () => {
      await write('insertSlots', [slot(1, span(0, 20))]);
      const moved = slot(1, span(20, 40), { id: uuid(2), content: 'moved', sequence: 7, revision: 'r' });
      await write('writeSlots', [moved]);
      const [row, ...more] = await stored();
      expect(more).to.deep.equal([]);
      expect(row).to.deep.include({ ...asStored(moved), id: uuid(1), version: 2 });
    });

    it('of a document that has no place for a value are refused, and none is written', async () => {
      const document = { pieces: Array(7).fill('"'), values: Array(6).fill('"') };
      const refused = write('insertSlots', [slot(1, span(0, 20)), slot(2, span(20, 40), { document })]);
      expect(await refused.catch((error: Error) => error.message)).to.equal(
        'a document of 7 pieces and 6 values',
      );
      expect(await stored()).to.deep.equal([]);
    });
  });
});

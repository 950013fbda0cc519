import { expect } from 'chai';
import { manifest } from '../../adapters/rvsq/manifest.ts';
import { conflictState } from '../../src/domain/conflict.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import { commitBatch } from '../../src/engine/commit.ts';
import type { Context } from '../../src/engine/context.ts';
import type { EngineEvent } from '../../src/engine/ports/events.ts';
import { sweep } from '../../src/engine/sweep.ts';
import { createStore } from '../../src/store/store.ts';
import { manualClock } from '../adapter/manual-clock.ts';
import { at, busy, conflict, entries, listing, NO_CHANGES, span, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { engineContext } from '../support/engine-context.ts';

const CONFLICT = conflict(uuid(1), uuid(2), { connectionId: 'west' });

describe('a conflict whose time passes', () => {
  onEachDatabase((open) => {
    it('is over by itself once both are, is told once, and is not detected anew', async () => {
      const told: EngineEvent[] = [];
      const clock = manualClock(at(29));
      const context: Context = {
        ...engineContext(open(), { platform: {}, manifest, clock }),
        onEvent: (event) => told.push(event),
      };
      const store = createStore(open());
      const stateOf = async () => {
        const found = await store.conflict(CONFLICT.id);
        return found && conflictState(found);
      };
      await store.applyDirectory(entries(), []);
      const late = { lane: null, originId: 'west' };
      await store.transaction((transaction) =>
        transaction.apply(
          {
            ...NO_CHANGES,
            busy: [busy(1, span(0, 20)), busy(2, span(10, 30), late)],
            listings: [
              listing(1, span(0, 20)),
              listing(2, span(10, 30), { connectionId: 'west', calendar: 'w-doctor', externalId: 'w-2' }),
            ],
            conflicts: [CONFLICT],
          },
          at(0),
        ),
      );
      await sweep(context);
      expect([await stateOf(), told]).to.deep.equal(['open', []]);
      await clock.advance(MINUTE);
      await sweep(context);
      await sweep(context);
      expect(await stateOf()).to.equal('gone');
      const expected = {
        type: 'conflict.ended',
        at: at(30),
        how: 'passed',
        conflictId: CONFLICT.id,
        connectionId: 'west',
        ...{ busyId: uuid(1), withBusyId: uuid(2), scheduleId: 'doctor-here', interval: span(10, 20) },
      };
      expect(told).to.deep.equal([expected]);
      const events = await open().query<{ type: string }>('select type from event');
      expect(events.map(({ type }) => type)).to.deep.equal(['conflict.ended']);
      // Prolonged at its platform into the past, the two meet still, and nobody can do anything about it.
      await commitBatch(context, {
        connectionId: 'west',
        asOf: at(31),
        settledAt: null,
        rows: [
          {
            ...{ kind: 'busy', externalId: 'w-2', calendar: 'w-doctor', interval: span(5, 30), mark: null },
            ...{ revision: null, sequence: null, busyKind: 'appointment', expiresAt: null, changedAt: null },
          },
        ],
        removed: [],
        isFirst: false,
        missing: null,
      });
      expect(told.map(({ type }) => type)).to.deep.equal(['conflict.ended', 'busy.moved']);
      expect(await stateOf()).to.equal('gone');
    });
  });
});

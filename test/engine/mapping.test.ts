import { expect } from 'chai';
import { manifest as rvsq } from '../../adapters/rvsq/manifest.ts';
import type { Manifest, Platform } from '../../src/adapter/contract.ts';
import type { ObservedSlot, Rejected } from '../../src/adapter/observation.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import { UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import { createEngine, type Engine } from '../../src/engine/engine.ts';
import { WHOLE_CONNECTION } from '../../src/engine/observe.ts';
import { createStore } from '../../src/store/store.ts';
import { manualClock } from '../adapter/manual-clock.ts';
import { at, span } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { engineContext } from '../support/engine-context.ts';

/** Nothing lags here, so no list is read a second time. */
const manifest: Manifest = { ...rvsq, limits: { ...rvsq.limits, stalenessMilliseconds: 0 } };

/** A platform with two connections; a record of the western one has a code that only the newer table has. */
describe('the code tables of a platform, when they change', () => {
  onEachDatabase((open) => {
    const clock = manualClock(at(-60));
    let readings: [connection: 'east' | 'west', cursor: string | null][] = [];

    const slot: ObservedSlot = {
      kind: 'slot',
      externalId: 'slot-1',
      calendar: 'w-doctor',
      interval: span(0, 20),
      attributes: UNKNOWN_ATTRIBUTES,
      mark: null,
      revision: null,
      sequence: null,
    };
    const unmapped: Rejected = { externalId: 'slot-1', reason: 'unmapped code TELEPATHY in visitType' };

    /** What happens while the last page of the western one is on its way. */
    let meanwhile: () => Promise<void> = async () => undefined;

    /** A gateway that has these tables. */
    function gateway(mappingContent: string): Engine {
      const read: Platform['read'] = async function* ({ calendars, cursor, window }) {
        const isWest = calendars.includes('w-doctor');
        readings.push([isWest ? 'west' : 'east', cursor]);
        if (isWest && cursor === null) {
          const attributes = {
            ...UNKNOWN_ATTRIBUTES,
            mode: mappingContent === 'new' ? ('video' as const) : null,
          };
          const rejected = mappingContent === 'new' ? [] : [unmapped];
          yield { kind: 'rows', rows: [{ ...slot, attributes }], removed: [], rejected };
        }
        if (isWest) await meanwhile();
        yield { kind: 'end', complete: cursor === null ? window : null, cursor: 'c1' };
      };
      const context = engineContext(open(), { platform: { read }, manifest, clock, mappingContent });
      return createEngine(context, createStore(open()));
    }
    const reads = async (engine: Engine, connectionId = 'west'): Promise<void> => {
      await clock.advance(MINUTE);
      await engine.run({ kind: 'observe', connectionId, feedId: WHOLE_CONNECTION });
    };

    /** As its next start; both connections are read once. */
    async function starts(mappingContent: string): Promise<Engine> {
      const engine = gateway(mappingContent);
      await clock.advance(MINUTE);
      readings = [];
      await engine.start({ works: true });
      for (const connectionId of ['east', 'west']) {
        await engine.run({ kind: 'observe', connectionId, feedId: WHOLE_CONNECTION });
      }
      await engine.stop();
      return engine;
    }
    const kept = async () => (await open().query<{ attributes: string }>('select attributes from slot'))[0];

    it('have what was set aside tried again at once, and nothing else read anew', async () => {
      const first = await starts('old');
      expect(readings).to.deep.equal([
        ['east', null],
        ['west', null],
      ]);
      expect(await first.rejected('west', false)).to.have.length(1);
      await starts('old');
      expect(readings).to.deep.equal([
        ['east', 'c1'],
        ['west', 'c1'],
      ]);
      const mended = await starts('new');
      expect(readings).to.deep.equal([
        ['east', 'c1'],
        ['west', null],
      ]);
      expect(await mended.rejected('west', false)).to.deep.equal([]);
      expect(JSON.parse((await kept())?.attributes ?? '')).to.deep.include({ mode: 'video' });
      await starts('new');
      expect(readings).to.deep.equal([
        ['east', 'c1'],
        ['west', 'c1'],
      ]);
    });

    it('are tried again although a process that has the older ones goes on for a while', async () => {
      await open().script('delete from rejected; update feed set cursor = null, complete_ms = null');
      const [old, fresh] = [gateway('old'), gateway('new')];
      meanwhile = async () => {
        meanwhile = async () => undefined;
        await fresh.start({ works: true });
      };
      readings = [];
      await reads(old);
      // Both are awake, and the older one happens to be the first.
      await reads(old);
      await reads(fresh);
      await reads(old);
      await fresh.stop();
      expect(readings.map(([, cursor]) => cursor)).to.deep.equal([null, 'c1', null, 'c1']);
      expect(await fresh.rejected('west', false)).to.deep.equal([]);
      expect(JSON.parse((await kept())?.attributes ?? '')).to.deep.include({ mode: 'video' });
    });
  });
});

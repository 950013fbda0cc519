import { Writable } from 'node:stream';
import { expect } from 'chai';
import pino from 'pino';
import { manifest } from '../../adapters/rvsq/manifest.ts';
import type { Platform } from '../../src/adapter/contract.ts';
import type { Rejected } from '../../src/adapter/observation.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { WHOLE_CONNECTION } from '../../src/engine/observe.ts';
import type { EngineEvent } from '../../src/engine/ports/events.ts';
import { rawText } from '../../src/engine/set-aside.ts';
import { startGateway } from '../../src/gateway.ts';
import { createStore } from '../../src/store/store.ts';
import { manualClock } from '../adapter/manual-clock.ts';
import { at } from '../support/clinic.ts';
import { configurationOf } from '../support/clinic-configuration.ts';
import { onEachDatabase } from '../support/databases.ts';
import { engineContext } from '../support/engine-context.ts';
import { fakeSeal } from '../support/fake-ring.ts';
import { MirroredClinic } from '../support/mirrored-clinic.ts';

/** Made up, and as it must never be seen: the name of a patient in a record that can't be read. */
const CANARY = 'Rose Exemple-Canari';

describe('the raw form of a record that was set aside', () => {
  onEachDatabase((open) => {
    it('is kept under seal, and opened only for whoever asks', async () => {
      const raw = { id: 'r-1', patient: CANARY };
      const rejected: Rejected[] = [
        { externalId: 'r-1', reason: 'end: missing', raw },
        { externalId: 'r-2', reason: 'end: missing' },
      ];
      const read: Platform['read'] = async function* () {
        yield { kind: 'rows', rows: [], removed: [], rejected };
        yield { kind: 'end', complete: null, cursor: 'c1' };
      };
      const context = engineContext(open(), { platform: { read }, manifest, clock: manualClock(at(-60)) });
      const events: EngineEvent[] = [];
      const engine = createEngine(
        { ...context, onEvent: (event) => events.push(event) },
        createStore(open()),
      );
      await engine.start({ works: false });
      try {
        await engine.run({ kind: 'observe', connectionId: 'west', feedId: WHOLE_CONNECTION });
        const seen = async (opened: boolean) =>
          (await engine.rejected('west', opened)).map((record) => [
            record.externalId,
            record.hasRaw,
            record.raw,
          ]);
        expect(await seen(false)).to.deep.equal([
          ['r-1', true, null],
          ['r-2', false, null],
        ]);
        expect(await seen(true)).to.deep.equal([
          ['r-1', true, JSON.stringify(raw)],
          ['r-2', false, null],
        ]);
        const stored = await open().query<{ sealed_raw: Uint8Array | null }>('select * from rejected');
        const bytes = stored.map(({ sealed_raw, ...rest }) => [
          Buffer.from(sealed_raw ?? []).toString('latin1'),
          JSON.stringify(rest),
        ]);
        expect(bytes.flat().join()).to.not.contain(CANARY);
        expect(JSON.stringify(events)).to.not.contain(CANARY);
        const stranger = createEngine({ ...context, seal: fakeSeal(1) }, createStore(open()));
        expect((await stranger.rejected('west', true))[0]).to.deep.include({ hasRaw: true, raw: null });
      } finally {
        await engine.stop();
      }
    });
  });

  it('is cut at 64 KiB, between two characters, and says so', () => {
    const limit = 64 * 1024;
    expect(rawText('x'.repeat(limit))).to.equal('x'.repeat(limit));
    expect(rawText('é'.repeat(limit))).to.equal(`${'é'.repeat(limit / 2)}\n[cut: it had ${2 * limit} bytes]`);
    expect(rawText(`x${'é'.repeat(limit)}`)).to.equal(
      `x${'é'.repeat(limit / 2 - 1)}\n[cut: it had ${2 * limit + 1} bytes]`,
    );
    expect(rawText({ a: 1 })).to.equal('{"a":1}');
    const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(rawText(deep)).to.equal('[left out: it is nested too deeply]');
    expect(rawText(null)).to.equal('null');
  });

  describe('in a running gateway', function () {
    this.timeout(120_000);
    let clinic: MirroredClinic;
    let log = '';
    const events: EngineEvent[] = [];

    before(async () => {
      const stream = new Writable({
        write(chunk, _encoding, done) {
          log += String(chunk);
          done();
        },
      });
      clinic = await MirroredClinic.open({
        prepare: ({ rvsq }) => {
          const [calendar] = rvsq.agenda.calendars;
          const [slot] = calendar ? rvsq.agenda.slots(calendar.id).slice(-1) : [];
          if (!slot) throw new Error('no slot');
          rvsq.agenda.change(slot, { offer: { ...slot.offer, consultingReasons: [{ uid: CANARY }] } });
        },
        launch: ({ environment, sites, options }) =>
          startGateway({
            environment,
            role: 'both',
            configuration: configurationOf(sites, options),
            onEvent: (event) => events.push(event),
            logger: pino({ level: 'trace' }, stream),
          }),
      });
    });
    after(() => clinic?.close());

    const get = async (path: string) => JSON.stringify((await clinic.ask('GET', path)).json);
    const RAW = '/api/connections/rvsq/rejected?raw=true';

    it('is found by who has the token and asks for it', async () => {
      expect(await get(RAW)).to.contain(CANARY);
      expect((await fetch(`${clinic.url}${RAW}`)).status).to.equal(401);
    });

    it('is nowhere else: in no event, log, metric, status or list', async () => {
      await clinic.polls(3);
      const metrics = await fetch(`${clinic.url}/metrics`, { headers: await clinic.headers() });
      const texts = {
        events: JSON.stringify(events),
        log,
        metrics: await metrics.text(),
        status: await get('/api/status'),
        list: await get('/api/connections/rvsq/rejected'),
        ready: await (await fetch(`${clinic.url}/readyz`)).text(),
        slots: await get('/fhir/Slot?_count=500'),
      };
      expect(texts.events).to.contain('feed.read');
      expect(texts.log).to.contain('/api/connections/:id/rejected');
      expect(texts.metrics).to.contain('passerelle_rejected_records{connection="rvsq"} 1');
      expect(texts.list).to.contain('unmapped code (not a code) in consultingReasons');
      for (const [name, text] of Object.entries(texts)) expect(text, name).to.not.contain(CANARY);
    });
  });
});

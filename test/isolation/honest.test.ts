import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import manual from '../../adapters/manual/adapter.ts';
import rvsq from '../../adapters/rvsq/adapter.ts';
import { simulator } from '../../adapters/rvsq/conformance.ts';
import type { Adapter } from '../../src/adapter/contract.ts';
import type { IsolatedAdapter } from '../../src/adapter/isolated.ts';
import { markOf } from '../../src/adapter/observation.ts';
import { createPace } from '../../src/adapter/pace.ts';
import { simulatorTarget } from '../../src/conformance/simulator-target.ts';
import { applying, openSession } from '../../src/conformance/suite.ts';
import { instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { systemEnvironment } from '../../src/system/environment.ts';
import { codeTables } from '../../src/system/mappings.ts';
import { packageRoot } from '../../src/system/package-root.ts';
import { createLoader } from '../support/loader.ts';
import { adapterModule, makeFolder, type OtherPackages, packageJson } from '../support/other-package.ts';
import { addressOfBuilt } from '../support/program.ts';

/** What an adapter can rely on in a thread of its own. */

/** One of each kind: that they are answered alike is what is tried here. */
const CASES = new Set([
  'check',
  'unauthorized',
  'throttled',
  'aborted',
  'whole-reading',
  'cursor-goes-on',
  'cursor-expired',
  'malformed-record',
  'malformed-envelope',
  'read-back-down',
  'block-moves',
  'move-stands',
  'move-answer-lost',
  'booking-observed',
  'no-patient-data',
  'calendars-listed',
  'calendars-malformed',
]);

const inThread = (isolated: IsolatedAdapter): Adapter => ({
  ...rvsq,
  connect: ({ settings, limits, pace, environment }) =>
    isolated.open({
      connectionId: 'conformance',
      settings,
      limits,
      pace,
      allowedTargets: ['127.0.0.0/8'],
      tables: codeTables('rvsq'),
      zones: {},
      environment,
    }),
});

describe('an honest adapter in a thread of its own', function () {
  this.timeout(240_000);
  let packages: OtherPackages;
  before(async () => {
    packages = await makeFolder({
      'rvsq.mjs': `export { default } from '${addressOfBuilt('adapters/rvsq/adapter.ts')}';`,
      'manual.mjs': `export { default } from '${addressOfBuilt('adapters/manual/adapter.ts')}';`,
      'prints/package.json': packageJson('prints'),
      'prints/index.js': adapterModule({
        before: `import fs, { writeSync } from 'node:fs'; console.log('PRINTED as it is loaded');`,
        connect: `console.error('PRINTED by console'); process.stdout.write('PRINTED by a stream', () => {});
          fs.writeSync(1, 'PRINTED to a descriptor'); writeSync(2, 'PRINTED to another');
          fs.write(1, Buffer.from('PRINTED later'), () => {}); process.emitWarning('PRINTED as a warning');`,
        more: 'close: () => new Promise((resolve) => process.stdout.write("PRINTED at last", resolve)),',
      }),
      'paced.mjs': adapterModule({
        limits: { requests: 3, windowMilliseconds: 600, timeoutMilliseconds: 20 },
        capabilities: { idempotency: 'lookup', webhook: 'hint' },
        settings: 'z.strictObject({ key: z.string().transform((text) => text.length) })',
        more: `
          readBack: async (calendar, mark) => { await Promise.all(Array.from({ length: 7 }, () =>
            options.pace(async () => undefined))); return []; },
          webhook: ({ body, headers }) => ({ outcome: 'hint', calendars: [Buffer.isBuffer(body) + body.toString(),
            headers.zone, options.zoneOf('a'), String(options.settings.key), options.maps.map('m').toOurs('x'),
            String(process.env.PASSERELLE_KEY)] }),`,
      }),
    });
  });
  after(() => packages.remove());

  const load = async (path: string, bounds = {}): Promise<IsolatedAdapter> => {
    const { found, close } = await createLoader(bounds)([path], packages.folder);
    await close();
    const [adapter] = found;
    if (adapter === undefined || 'problem' in adapter) throw new Error(JSON.stringify(found));
    return adapter;
  };

  it('passes the suite as it does without one', async () => {
    const target = simulatorTarget({ ...simulator, adapter: inThread(await load('./rvsq.mjs')) });
    const session = openSession(target);
    try {
      const cases = applying(rvsq.manifest.capabilities).filter(({ id }) => CASES.has(id));
      const failed: string[] = [];
      for (const each of cases) {
        const { outcome, reason } = await session.run(each);
        if (outcome === 'failed') failed.push(`${each.id}: ${reason}`);
      }
      expect(failed).to.deep.equal([]);
      expect(cases.map(({ id }) => id)).to.have.members([...CASES]);
    } finally {
      await session.close();
    }
  });

  it('asks people and reads lists there as it does here', async () => {
    const isolated = await load('./manual.mjs');
    const { limits } = manual.manifest;
    const platform = isolated.open({
      connectionId: 'accueil',
      settings: { title: 'RVSQ', names: { t1: 'Dre Tremblay' } },
      limits,
      pace: createPace(limits, systemEnvironment.clock),
      allowedTargets: [],
      tables: codeTables('manual'),
      zones: { t1: 'America/Toronto' },
      environment: systemEnvironment,
    });
    try {
      const start = instant(Date.parse('2027-11-24T14:20:00Z'));
      const interval = { start, end: plus(start, 20 * MINUTE) };
      const mark = markOf('00000000-0000-4000-8000-000000000001');
      const asked = await platform.operations.block?.({ calendar: 't1', mark, interval, known: null });
      expect(asked?.outcome === 'asked' && asked.task.en).to.equal(
        'Close Wednesday 24 November 2027, 09:20 to 09:40 — Dre Tremblay, RVSQ',
      );
      const text = 'date,start,end,status\n2027-11-24,09:20,09:40,bloqué\n2027-11-24,09:20,09:40,?\n';
      const read = await platform.readList?.({
        kind: 'text',
        text,
        calendar: 't1',
        calendars: ['t1'],
        seenAt: start,
      });
      expect(read?.rows.map(({ externalId }) => externalId)).to.include(
        asked?.outcome === 'asked' ? asked.externalId : '',
      );
      expect(read?.wrong.map(({ line }) => line)).to.deep.equal([3]);
    } finally {
      await platform.close();
    }
  });

  it('is given data in place of functions, and nothing of the gateway’s own', async () => {
    process.env['PASSERELLE_KEY'] ??= 'not-for-adapters';
    const adapter = await load('./paced.mjs');
    const pace = createPace(adapter.manifest.limits, systemEnvironment.clock);
    const platform = adapter.open({
      connectionId: 'paced',
      settings: { key: 'four' },
      limits: adapter.manifest.limits,
      pace,
      allowedTargets: [],
      tables: [
        {
          resourceType: 'ConceptMap',
          id: 'm',
          group: [
            {
              source: 's',
              target: 't',
              element: [{ code: 'x', target: [{ code: 'urgent', equivalence: 'equal' }] }],
            },
          ],
        },
      ],
      zones: { a: 'America/Halifax' },
      environment: systemEnvironment,
    });
    const heard = await platform.webhook?.({ headers: { zone: 'z' }, body: Buffer.from('é') });
    expect(heard).to.deep.equal({
      outcome: 'hint',
      calendars: ['trueé', 'z', 'America/Halifax', '4', 'urgent', 'undefined'],
    });
    // Seven calls at three in a window: the limits are kept here, and waiting for them is not hanging.
    const began = performance.now();
    expect(await platform.readBack?.('a', 'm' as never)).to.deep.equal([]);
    expect(performance.now() - began).to.be.at.least(1_100);
    await platform.close();
  });

  it('ends a reading that is aborted, and says so in the thread', async () => {
    const adapter = await load('./paced.mjs');
    const platform = adapter.open({
      connectionId: 'aborted',
      settings: { key: '' },
      limits: adapter.manifest.limits,
      pace: (call) => call(),
      allowedTargets: [],
      tables: [],
      zones: {},
      environment: systemEnvironment,
    });
    const over = AbortSignal.abort(new Error('stopping'));
    const window = { start: instant(0), end: instant(1) };
    try {
      for await (const _ of platform.read({ calendars: [], cursor: null, window, signal: over }))
        expect.fail();
    } catch (error) {
      expect((error as Error).message).to.equal('stopping');
    }
    await platform.close();
  });

  it('prints to nobody', async () => {
    const program = `
      import { createLoader } from '${addressOfBuilt('src/isolation/load.ts')}';
      const { found: [adapter], close } = await createLoader()(['./prints'], '${packages.folder}');
      await close();
      if (adapter.problem) throw new Error(adapter.problem);
      const platform = adapter.open({ connectionId: 'prints', settings: {}, limits: adapter.manifest.limits,
        pace: (call) => call(), allowedTargets: [], tables: [], zones: {}, environment: { clock: Date, random: Math } });
      await platform.check(AbortSignal.timeout(10_000));
      await platform.close();
      console.log('WHOLE');`;
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '-e', program],
      { cwd: packageRoot, timeout: 60_000 },
    );
    expect({ stdout, stderr }).to.deep.equal({ stdout: 'WHOLE\n', stderr: '' });
  });
});

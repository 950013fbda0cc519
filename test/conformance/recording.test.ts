import { expect } from 'chai';
import { simulator as vendor } from '../../adapters/bonjour-sante/conformance.ts';
import type { Adapter } from '../../src/adapter/contract.ts';
import { namesPatient } from '../../src/conformance/context.ts';
import { NotRecorded } from '../../src/conformance/playback.ts';
import { Recording } from '../../src/conformance/recording.ts';
import { recordSuite, runSuite } from '../../src/conformance/run.ts';
import { openSession } from '../../src/conformance/suite.ts';
import type { Bench, RecordedTarget } from '../../src/conformance/target.ts';
import { broken, onTheWire, RIGHT } from './broken/broken.ts';
import { caseOf } from './cases.ts';

const platform = RIGHT.vendor;
const SECRETS = Object.values(platformSettings()).filter((value) => value !== 'http://platform.invalid');

function platformSettings(): Record<string, string> {
  return vendor.settings('http://platform.invalid') as Record<string, string>;
}

/** Of whoever plays it back, who has no account at the platform. */
const MADE_UP = { apiKey: 'made-up-key', webhookSecret: 'a-made-up-secret-of-webhooks' };

describe('a recording of the suite', () => {
  let recording: Recording;
  let bench: Bench;
  let outcomes: ReadonlyMap<string, string>;

  before(async () => {
    bench = await platform.open({ zone: 'America/Toronto' });
    await bench.close();
    const ran = await recordSuite(
      platform,
      () => true,
      () => undefined,
    );
    // As it comes out of its file.
    recording = Recording.parse(JSON.parse(JSON.stringify(ran.recording)));
    outcomes = new Map(ran.results.cases.map(({ id, outcome }) => [id, outcome]));
  });

  const target = (adapter: Adapter, of: Recording = recording): RecordedTarget => ({
    adapter,
    name: 'recording',
    stage: 'recorded',
    recording: of,
    settings: (baseUrl) => ({ baseUrl, ...MADE_UP }),
    expired: (baseUrl) => ({ baseUrl, ...MADE_UP, apiKey: 'made-up-and-expired' }),
    maps: bench.maps,
    emptyMaps: bench.emptyMaps,
    tamper: bench.tamper,
  });

  /** Why it failed; null = it did not. */
  async function failureOf(id: string, adapter: Adapter, of: Recording = recording): Promise<Error | null> {
    const session = openSession(target(adapter, of));
    const result = await session.run(caseOf(id));
    await session.close();
    return result.outcome === 'failed' ? result.error : null;
  }

  it('passes again without the platform, but for its webhooks', async () => {
    const { cases } = await runSuite(
      target(platform.adapter),
      () => true,
      () => undefined,
    );
    expect(cases.map(({ id }) => id)).to.deep.equal([...outcomes.keys()]);
    for (const { id, outcome, reason } of cases) {
      expect(outcomes.get(id), id).to.equal('passed');
      expect(outcome, `${id}: ${reason}`).to.equal(id.startsWith('webhook-') ? 'untried' : 'passed');
    }
  });

  it('has in it no secret of the settings, and nobody who was booked', () => {
    const text = JSON.stringify(recording);
    expect(SECRETS).to.have.length(2);
    for (const secret of SECRETS) expect(text).not.to.contain(secret);
    expect(namesPatient(text)).to.equal(false);
  });

  it('hides secrets where an adapter sends them in an address, and is played by others’ settings', async () => {
    const [key = ''] = SECRETS;
    const inAddress = (secret: string) =>
      onTheWire(() => (request) => {
        request.params = { ...request.params, cle: secret };
      });
    const { recording: own } = await recordSuite(
      { ...platform, adapter: inAddress(key) },
      (id) => id === 'block-echo',
      () => undefined,
    );
    const paths = own.cases['block-echo']?.exchanges.map(({ path }) => path) ?? [];
    expect(paths.join()).to.contain('cle=<settings.apiKey>').and.not.to.contain(key);
    expect(await failureOf('block-echo', inAddress(MADE_UP.apiKey), own)).to.equal(null);
    expect(await failureOf('block-echo', inAddress('another'), own)).to.be.instanceOf(NotRecorded);
  });

  const OTHERS: Readonly<Record<string, Adapter>> = {
    'another path': onTheWire(() => (request) => {
      request.url = request.url?.replace('/grille', '/horaire') ?? '';
    }),
    'another query': onTheWire(() => (request) => {
      request.params = { ...request.params, page: 1 };
    }),
    'another method': onTheWire(() => (request) => {
      if (request.method === 'post') request.method = 'put';
    }),
    'another body': onTheWire(() => (request) => {
      if (request.data) request.data = request.data.replace('{', '{"note":null,');
    }),
  };
  for (const [what, adapter] of Object.entries(OTHERS)) {
    it(`fails an adapter that asks by ${what} than was recorded`, async () => {
      const failure = await failureOf('block-echo', adapter);
      expect(failure).to.be.instanceOf(NotRecorded);
      expect(failure?.message).to.contain('was not asked when it was recorded');
    });
  }

  it('fails an adapter that writes once more than was recorded', async () => {
    const { adapter } = broken('writes twice', [], ({ operations }) => ({
      operations: {
        ...operations,
        block: async (command) => {
          await operations.block?.(command);
          return (await operations.block?.(command)) ?? { outcome: 'gone' };
        },
      },
    }));
    expect(await failureOf('block-echo', adapter)).to.be.instanceOf(NotRecorded);
  });

  it('says so also where the adapter swallows what it was not answered', async () => {
    const { adapter } = broken('reads nothing', [], ({ read }) => ({
      read: async function* (request) {
        try {
          yield* read({ ...request, window: { ...request.window, end: request.window.start } });
        } catch {
          yield { kind: 'end', complete: request.window, cursor: null };
        }
      },
    }));
    expect(await failureOf('whole-reading', adapter)).to.be.instanceOf(NotRecorded);
  });

  it('leaves a case untried that it does not have', async () => {
    const { 'block-echo': _, ...cases } = recording.cases;
    const session = openSession(target(platform.adapter, { ...recording, cases }));
    expect(await session.run(caseOf('block-echo'))).to.deep.equal({
      outcome: 'untried',
      reason: 'the recording has no such case: record it anew',
    });
    await session.close();
  });
});

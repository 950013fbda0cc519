import { expect } from 'chai';
import type { Platform } from '../../src/adapter/contract.ts';
import { type Fault, isFault } from '../../src/adapter/faults.ts';
import { markOf, type Page } from '../../src/adapter/observation.ts';
import { createPace } from '../../src/adapter/pace.ts';
import { DAY, instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { interval } from '../../src/domain/interval.ts';
import { systemEnvironment } from '../../src/system/environment.ts';
import { createLoader } from '../support/loader.ts';
import { adapterModule, makeFolder, type OtherPackages, packageJson } from '../support/other-package.ts';

/** Adapters of other packages that are each wrong in one way: what they do harms their own connection and no other. */

/** Made up; a part of what each of them throws, prints or answers, so that it must be nowhere else. */
const SECRET = 'Tremblay-Fictive';

const BOUNDS = {
  tickMilliseconds: 50,
  memoryMebibytes: 64,
  busyMilliseconds: 2_000,
  callMilliseconds: 3_000,
};

type Broken = {
  readonly what: string;
  /** Code that runs in the middle of a reading and of a block. */
  readonly code: string;
  readonly reason: RegExp;
  /** Whether the thread is ended for it. */
  readonly ends: boolean;
};

const BROKEN: readonly Broken[] = [
  { what: 'runs in a loop without end', code: 'for (;;);', reason: /busy for 2000 ms/, ends: true },
  { what: 'never settles', code: 'await never();', reason: /did not answer within 3000 ms/, ends: true },
  { what: 'ends its process', code: 'process.exit(0);', reason: /ended its own thread/, ends: true },
  {
    what: 'throws where nobody catches',
    code: `setTimeout(() => { throw new TypeError('${SECRET}'); }); await never();`,
    reason: /nobody caught TypeError at .*index\.js:\d+/,
    ends: true,
  },
  {
    what: 'rejects where nobody catches',
    code: `void Promise.reject(new RangeError('${SECRET}')); await never();`,
    reason: /nobody caught RangeError/,
    ends: true,
  },
  {
    what: 'keeps more and more objects',
    code: 'const kept = []; for (;;) { kept.push(new Array(100_000).fill(kept)); await new Promise(setImmediate); }',
    reason: /more memory than the 64 MiB/,
    ends: true,
  },
  {
    what: 'keeps more and more objects without a pause',
    code: 'const kept = []; for (;;) kept.push(new Array(100_000).fill(kept));',
    reason: /more memory than the 64 MiB/,
    ends: true,
  },
  {
    what: 'keeps more and more buffers',
    code: 'const kept = []; for (;;) { kept.push(Buffer.alloc(1 << 20, 1)); await new Promise((r) => setTimeout(r, 5)); }',
    reason: /more memory than the 64 MiB/,
    ends: true,
  },
  {
    what: 'throws what is no Fault',
    code: `throw new SyntaxError('${SECRET}');`,
    reason: /^a defect of the adapter: it threw SyntaxError at .*index\.js:\d+:\d+, which is no Fault$/,
    ends: false,
  },
  { what: 'throws no error at all', code: `throw '${SECRET}';`, reason: /it threw a string,/, ends: false },
  {
    what: 'throws what only looks like a Fault',
    code: `throw Object.assign(new Error('${SECRET}'), { name: 'Fault', kind: 'throttled' });`,
    reason: /it threw Fault at .*, which is no Fault/,
    ends: false,
  },
];

/** Pages that break the contract, each with the reason that is given. */
const WRONG: readonly { readonly what: string; readonly code: string; readonly reason: RegExp }[] = [
  {
    what: 'rows without end',
    code: `for (let i = 0; ; i += 1) yield page(Array.from({ length: 10_000 }, (_, n) => ({ ...slot, externalId: i + '-' + n })));`,
    reason: /reads pages without end/,
  },
  { what: 'pages without end', code: 'for (;;) yield page([]);', reason: /reads pages without end/ },
  {
    what: 'a page that is too long',
    code: `yield { ...page([]), rejected: Array(8_500).fill({ externalId: null, reason: 'x'.repeat(2_000) }) };`,
    reason: /more than \d+ characters/,
  },
  { what: 'too many rows in a page', code: 'yield page(Array(20_001).fill(slot));', reason: /rows: too_big/ },
  {
    what: 'what is no row',
    code: `yield page([{ patient: '${SECRET}' }]);`,
    reason: /does not fit the contract: rows\.0\.kind/,
  },
  {
    what: 'an interval that ends before it starts',
    code: 'yield page([{ ...slot, interval: { start: 5, end: 5 } }]);',
    reason: /rows\.0\.interval: custom/,
  },
  {
    what: 'an instant that is no number',
    code: 'yield page([{ ...slot, interval: { start: Number.NaN, end: 5 } }]);',
    reason: /rows\.0\.interval\.start/,
  },
  {
    what: 'a text that no database can hold',
    code: `yield page([{ ...slot, externalId: '\\0' }]);`,
    reason: /rows\.0\.externalId/,
  },
  { what: 'what cannot be sent', code: 'yield page(10n);', reason: /no JSON \(TypeError\)/ },
  {
    what: 'what refers to itself',
    code: 'slot.self = slot; yield page([slot]);',
    reason: /no JSON \(TypeError\)/,
  },
];

const cases = (list: readonly { readonly what: string; readonly code: string }[]): string =>
  list.map(({ what, code }) => `case '${what}': { ${code} }`).join('\nbreak;\n');

const MODULE = adapterModule({
  settings: "z.strictObject({ wrong: z.string().default('') })",
  before: `
    const slot = { kind: 'slot', externalId: 'x', calendar: 'a', mark: null, revision: null, sequence: null,
      interval: { start: 0, end: 60000 }, attributes: { availableSince: null, eligibility: null, reasons: null,
      reorientation: null, mode: null, bookingUrl: null } };
    const page = (rows) => ({ kind: 'rows', rows, removed: [], rejected: [] });
    async function go(wrong) {
      switch (wrong) { ${cases(BROKEN)} }
    }`,
  read: `
    const wrong = request.cursor ?? options.settings.wrong;
    switch (wrong) { ${cases(WRONG)} }
    await go(wrong);`,
  block: `
    if (options.settings.wrong === 'an answer') return { outcome: 'done', externalId: 12 };
    await go(options.settings.wrong);`,
});

const WINDOW = interval(instant(0), instant(28 * DAY));
const end = { kind: 'end', complete: WINDOW, cursor: null };

describe('an adapter of another package that', function () {
  this.timeout(30_000);
  let packages: OtherPackages;
  let open: (settings: object) => Platform;
  /** That no other one harms. */
  let other: Platform;
  const opened: Platform[] = [];
  const clock = { now: instant(1_800_000_000_000) };

  before(async () => {
    packages = await makeFolder({ 'acme/package.json': packageJson('acme'), 'acme/index.js': MODULE });
    const { found, close } = await createLoader(BOUNDS)(['./acme'], packages.folder);
    await close();
    const [adapter] = found;
    if (adapter === undefined || 'problem' in adapter) throw new Error(JSON.stringify(found));
    open = (settings) => {
      const platform = adapter.open({
        connectionId: 'acme',
        settings,
        limits: adapter.manifest.limits,
        pace: createPace(adapter.manifest.limits, systemEnvironment.clock),
        allowedTargets: [],
        tables: [],
        zones: {},
        environment: {
          ...systemEnvironment,
          clock: { ...systemEnvironment.clock, now: () => clock.now },
        },
      });
      opened.push(platform);
      return platform;
    };
    other = open({});
  });
  after(async () => {
    for (const platform of opened) await platform.close();
    await packages.remove();
  });

  const read = async (platform: Platform, cursor: string | null = null): Promise<Page[]> => {
    const pages: Page[] = [];
    const { signal } = new AbortController();
    for await (const page of platform.read({ calendars: ['a'], cursor, window: WINDOW, signal }))
      pages.push(page);
    return pages;
  };
  const block = (platform: Platform) =>
    platform.operations.block?.({
      calendar: 'a',
      mark: markOf('00000000-0000-4000-8000-000000000000'),
      interval: WINDOW,
      known: null,
    });
  const faultOf = async (call: () => Promise<unknown> | undefined): Promise<Fault> => {
    try {
      await call();
    } catch (error) {
      if (isFault(error)) return error;
      throw error;
    }
    throw new Error('there was no fault');
  };

  for (const { what, reason, ends } of BROKEN) {
    it(`${what} while it reads`, () => harmsItself(what, reason, ends, false));
    // What fills the memory does so whatever it was called for, and takes long.
    if (!what.startsWith('keeps')) it(`${what} while it writes`, () => harmsItself(what, reason, ends, true));
  }

  async function harmsItself(wrong: string, reason: RegExp, ends: boolean, writes: boolean): Promise<void> {
    const broken = open({ wrong });
    const trouble = faultOf(() => (writes ? block(broken) : read(broken)));
    let isOver = false;
    void trouble.finally(() => {
      isOver = true;
    });
    let answers = 0;
    do {
      expect(await read(other)).to.have.length(1);
      expect((await block(other))?.outcome).to.equal('done');
      answers += 1;
    } while (!isOver);
    const fault = await trouble;
    expect(answers).to.be.at.least(1);
    expect(fault.kind).to.equal(writes ? 'unsure' : 'unavailable');
    expect(fault.message).to.match(reason).and.not.include(SECRET);
    if (ends) {
      const soon = await faultOf(() => read(broken, 'well'));
      expect(soon.message).to.match(/not begun again yet/);
      expect(soon.retryAfterMilliseconds).to.be.within(1, MINUTE);
      clock.now = plus(clock.now, MINUTE);
    }
    expect(await read(broken, 'well')).to.deep.equal([end]);
  }

  for (const { what, reason } of WRONG) {
    it(`reads ${what}`, async () => {
      const fault = await faultOf(() => read(other, what));
      expect(fault.kind).to.equal('malformed');
      expect(fault.message).to.match(reason).and.not.include(SECRET);
      expect(await read(other)).to.deep.equal([end]);
    });
  }

  it('answers a write with what is no answer, so that nobody knows whether it landed', async () => {
    const fault = await faultOf(() => block(open({ wrong: 'an answer' })));
    expect(fault.kind).to.equal('unsure');
    expect(fault.message).to.match(/externalId: invalid_type/);
  });
});

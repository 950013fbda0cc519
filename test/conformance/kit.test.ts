import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import bonjourSante from '../../adapters/bonjour-sante/adapter.ts';
import { simulator } from '../../adapters/bonjour-sante/conformance.ts';
import { type Adapter, defineAdapter, type Platform } from '../../src/adapter/contract.ts';
import { type Fault, isFault } from '../../src/adapter/faults.ts';
import type { Page } from '../../src/adapter/observation.ts';
import { markOf } from '../../src/adapter/observation.ts';
import type { Case } from '../../src/conformance/case.ts';
import { simulatorTarget } from '../../src/conformance/simulator-target.ts';
import { type Staging, stagePlatform } from '../../src/conformance/staging.ts';
import { CASES, runCase } from '../../src/conformance/suite.ts';
import type { PlatformTarget } from '../../src/conformance/target.ts';

/** The suite, tried on adapters that are each wrong in one way: a case that lets its fault through is worthless. */

/** The vendor's adapter with one thing wrong. */
const spoilt = (spoil: (platform: Platform) => Partial<Platform>): Adapter =>
  defineAdapter({
    manifest: bonjourSante.manifest,
    connect: (options) => {
      const platform = bonjourSante.connect(options);
      return { ...platform, ...spoil(platform) };
    },
  });

const pages =
  (change: (page: Page) => Page) =>
  (platform: Platform): Partial<Platform> => ({
    read: async function* (request) {
      for await (const page of platform.read(request)) yield change(page);
    },
  });

/** Catches a fault and answers something else. */
async function swallowing<T>(call: Promise<T>, instead: T): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (isFault(error)) return instead;
    throw error;
  }
}

const SPOILT: readonly { readonly wrong: string; readonly caught: string; readonly adapter: Adapter }[] = [
  {
    wrong: 'forgets our mark when it reads',
    caught: 'block-echo',
    adapter: spoilt(
      pages((page) =>
        page.kind === 'rows' ? { ...page, rows: page.rows.map((row) => ({ ...row, mark: null })) } : page,
      ),
    ),
  },
  {
    wrong: 'takes a platform that is down for an empty one',
    caught: 'read-http-503',
    adapter: spoilt((platform) => ({
      read: async function* (request) {
        try {
          yield* platform.read(request);
        } catch {
          yield { kind: 'end', complete: request.window, cursor: null };
        }
      },
    })),
  },
  {
    wrong: 'drops the slots that have an unmapped code',
    caught: 'unmapped-code',
    adapter: spoilt(
      pages((page) => {
        if (page.kind !== 'rows') return page;
        const reported = new Set(page.rejected.map(({ externalId }) => externalId));
        return { ...page, rows: page.rows.filter((row) => !reported.has(row.externalId)) };
      }),
    ),
  },
  {
    wrong: 'says done of a block that never reached the platform',
    caught: 'block-stands',
    adapter: spoilt((platform) => ({
      operations: {
        ...platform.operations,
        block: async () => ({ outcome: 'done', externalId: 'blo-0', revision: '1', sequence: 1 }),
      },
    })),
  },
  {
    wrong: 'takes a lost answer for a refusal',
    caught: 'book-answer-lost',
    adapter: spoilt((platform) => ({
      operations: {
        ...platform.operations,
        book: (command) =>
          swallowing(platform.operations.book?.(command) ?? Promise.reject(new Error()), {
            outcome: 'taken',
          }),
      },
    })),
  },
  {
    wrong: 'says that nothing is there when it could not look',
    caught: 'read-back-down',
    adapter: spoilt((platform) => ({
      readBack: (calendar, mark) =>
        swallowing(platform.readBack?.(calendar, mark) ?? Promise.reject(new Error()), []),
    })),
  },
  {
    wrong: 'makes a second block of the same command',
    caught: 'block-twice',
    adapter: spoilt((platform) => ({
      operations: {
        ...platform.operations,
        block: (command) => {
          const mark = markOf(randomUUID());
          return platform.operations.block?.({ ...command, mark }) ?? Promise.reject(new Error());
        },
      },
    })),
  },
  {
    wrong: 'declares hold and does not implement it',
    caught: 'operations-declared',
    adapter: spoilt((platform) => {
      const { hold: _, ...operations } = platform.operations;
      return { operations };
    }),
  },
  {
    wrong: 'moves a booking by making a second one',
    caught: 'move-stands',
    adapter: spoilt((platform) => ({
      operations: {
        ...platform.operations,
        move: ({ calendar, interval, slot }) => {
          const mark = markOf(randomUUID());
          const command = { calendar, mark, interval, slot, patient: null, hold: null };
          return platform.operations.book?.(command) ?? Promise.reject(new Error());
        },
      },
    })),
  },
  {
    wrong: 'moves what somebody changed meanwhile',
    caught: 'move-changed',
    adapter: spoilt((platform) => ({
      operations: {
        ...platform.operations,
        move: (command) =>
          platform.operations.move?.({ ...command, known: { ...command.known, revision: null } }) ??
          Promise.reject(new Error()),
      },
    })),
  },
  {
    wrong: 'takes any webhook for genuine',
    caught: 'webhook-forged',
    adapter: spoilt(() => ({ webhook: () => ({ outcome: 'hint', calendars: null }) })),
  },
  {
    wrong: 'throws something that is no Fault',
    caught: 'unauthorized',
    adapter: spoilt((platform) => ({
      check: (signal) =>
        platform.check(signal).catch((error: Fault) => Promise.reject(new Error(error.message))),
    })),
  },
];

const targetOf = (adapter: Adapter): PlatformTarget =>
  simulatorTarget({ ...simulator, adapter, addMalformed: (body) => body });

function caseOf(id: string): Case {
  const found = CASES.find((each) => each.id === id);
  if (!found) throw new Error(`no case ${id}`);
  return found;
}

describe('the conformance suite', () => {
  let staging: Staging;
  before(() => {
    staging = stagePlatform(targetOf(bonjourSante));
  });
  after(() => staging.close());

  /** Why the case fails with this adapter, or null. */
  const failureOf = (id: string, adapter: Adapter): Promise<Error | null> =>
    runCase(caseOf(id), targetOf(adapter), staging).then(
      () => null,
      (error: Error) => error,
    );

  for (const { wrong, caught, adapter } of SPOILT) {
    it(`fails an adapter that ${wrong} (${caught})`, async () => {
      // The same case holds for the adapter as it is: so it is the fault that fails it.
      expect(await failureOf(caught, bonjourSante)).to.equal(null);
      expect(await failureOf(caught, adapter)).to.be.instanceOf(Error);
    });
  }

  const SET_ASIDE: readonly { readonly wrong: string; readonly reason: string; readonly said: string }[] = [
    {
      wrong: 'repeats a value of a record that it set aside',
      reason: 'TREMBLAY-FICTIVE-SECRET is no time',
      said: 'TREMBLAY-FICTIVE-SECRET',
    },
    {
      wrong: 'calls a reading complete although a record that it set aside has no name',
      reason: 'unreadable',
      said: 'absence means nothing',
    },
  ];
  for (const { wrong, reason, said } of SET_ASIDE) {
    it(`fails an adapter that ${wrong}`, async () => {
      const adapter = spoilt(
        pages((page) =>
          page.kind === 'rows' ? { ...page, rejected: [{ externalId: null, reason }] } : page,
        ),
      );
      const failure = await failureOf('malformed-record', adapter);
      expect(failure?.message).to.contain(said);
    });
  }

  it('names each case once', () => {
    const ids = CASES.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
  });
});

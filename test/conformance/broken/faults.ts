import type { Platform, Written } from '../../../src/adapter/contract.ts';
import { Fault, isFault } from '../../../src/adapter/faults.ts';
import type { Page } from '../../../src/adapter/observation.ts';
import { MAKING, type Making } from '../../../src/conformance/commands.ts';
import { DAY, instant } from '../../../src/domain/instant.ts';
import { interval } from '../../../src/domain/interval.ts';
import { allOf, type Broken, broken, makingBy, recast, rethrow, type Spoil } from './broken.ts';

/** Adapters that take one fault of the way for another, or for an answer. */

const STATUSES = ['http-500', 'http-502', 'http-503'];
const OUTAGES = [...STATUSES, 'broken-connections'];
const of = (name: string, faults: readonly string[]): string[] => faults.map((fault) => `${name}-${fault}`);

/** Each reading whole, or what `instead` makes of its fault. */
const reading =
  (kinds: readonly Fault['kind'][] | null, instead: (fault: Fault) => Page[]): Spoil =>
  (platform) => ({
    read: async function* (request) {
      yield* await recast(allOf(platform.read(request)), kinds, instead);
    },
  });

const forgetting = (fault: Fault): never => {
  throw new Fault(fault.kind, fault.message);
};

/** Holds its breath after the first fault, for good. */
function givingUp<Given, Answer>(call: (given: Given) => Promise<Answer>): (given: Given) => Promise<Answer> {
  let first: Fault | null = null;
  return async (given) => {
    if (first) throw first;
    try {
      return await call(given);
    } catch (error) {
      if (isFault(error)) first = error;
      throw error;
    }
  };
}

const EMPTY: Page = { kind: 'end', complete: null, cursor: null };

const readings: readonly Broken[] = [
  broken(
    'takes a platform that is down for an empty one',
    of('read', OUTAGES),
    reading(['unavailable'], () => [EMPTY]),
  ),
  broken('does not read again after a fault', of('read', OUTAGES), (platform) => {
    const once = givingUp((request: Parameters<Platform['read']>[0]) => allOf(platform.read(request)));
    return {
      read: async function* (request) {
        yield* await once(request);
      },
    };
  }),
  broken('reads on without a time when it is asked to wait', 'throttled', reading(null, forgetting)),
  broken(
    'takes a platform that asks it to wait for one that is down',
    'throttled',
    reading(['throttled'], rethrow('unavailable')),
  ),
  broken('proves no credentials by its check', 'unauthorized', () => ({ check: async () => undefined })),
  broken('throws something that is no Fault', 'unauthorized', (platform) => ({
    check: (signal) =>
      recast(platform.check(signal), null, ({ message }) => Promise.reject(new Error(message))),
  })),
  broken(
    'takes refused credentials for a platform that is down',
    'unauthorized',
    reading(['unauthorized'], rethrow('unavailable')),
  ),
  broken('reads on when it is told to stop', 'aborted', (platform) => ({
    read: (request) => platform.read({ ...request, signal: new AbortController().signal }),
  })),
];

const REFUSED: Written = { outcome: 'taken' };

const writesOf = (name: Making): readonly Broken[] => [
  broken(
    `takes any fault of a ${name} for a refusal`,
    of(name, ['answer-lost', 'throttled', ...OUTAGES]),
    makingBy(name, (right) => (command) => recast(right(command), null, () => REFUSED)),
  ),
  broken(
    `takes a ${name} whose answer was lost for one that was never sent`,
    of(name, ['answer-lost', 'http-500', 'http-502', 'broken-connections']),
    makingBy(name, (right) => (command) => recast(right(command), ['unsure'], rethrow('unavailable'))),
  ),
  broken(
    `looks for a ${name} that the platform said it did not take`,
    of(name, ['http-503']),
    makingBy(name, (right) => (command) => recast(right(command), ['unavailable'], rethrow('unsure'))),
  ),
  broken(
    `forgets how long it was asked to wait with a ${name}`,
    of(name, ['throttled']),
    makingBy(name, (right) => (command) => recast(right(command), null, forgetting)),
  ),
  broken(
    `never tries a ${name} again after a fault`,
    of(name, ['throttled', ...OUTAGES]),
    makingBy(name, givingUp),
  ),
  broken(`does not find a ${name} by our mark`, of(name, ['answer-lost']), (platform) => ({
    readBack: async (calendar, mark) => {
      const kind = { block: 'block', hold: 'hold', book: 'appointment', publish: 'slot' }[name];
      const found = (await platform.readBack?.(calendar, mark)) ?? [];
      return found.filter((row) => (row.kind === 'slot' ? 'slot' : row.busyKind) !== kind);
    },
  })),
];

const lookingBack: readonly Broken[] = [
  broken(
    'gives the first of two that carry our mark',
    'read-back-all',
    (platform) => ({
      readBack: async (calendar, mark) => ((await platform.readBack?.(calendar, mark)) ?? []).slice(0, 1),
    }),
    'establishment',
  ),
  broken('takes all that stands there for what it looks for', 'read-back-nothing', (platform) => ({
    readBack: async (calendar) => {
      const window = interval(instant(0), instant(Date.now() + 400 * DAY));
      const request = { calendars: [calendar], cursor: null, window, signal: AbortSignal.timeout(5_000) };
      const pages = await allOf(platform.read(request));
      return pages.flatMap((page) => (page.kind === 'rows' ? page.rows : []));
    },
  })),
  broken('throws when it finds nothing by our mark', 'read-back-nothing', (platform) => ({
    readBack: async (calendar, mark) => {
      const found = (await platform.readBack?.(calendar, mark)) ?? [];
      if (found.length === 0) throw new Fault('malformed', 'unexpected HTTP 404');
      return found;
    },
  })),
  broken('says that nothing is there when it could not look', 'read-back-down', (platform) => ({
    readBack: (calendar, mark) => recast(platform.readBack?.(calendar, mark) ?? reject(), null, () => []),
  })),
  broken(
    'takes credentials that are refused to its block for a platform that is down',
    'write-unauthorized',
    makingBy(
      'block',
      (right) => (command) => recast(right(command), ['unauthorized'], rethrow('unavailable')),
    ),
  ),
];

const reject = (): Promise<never> => Promise.reject(new Error('the right adapter looks by our mark'));

export const FAULTS: readonly Broken[] = [...readings, ...MAKING.flatMap(writesOf), ...lookingBack];

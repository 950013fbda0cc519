import type { Platform } from '../../../src/adapter/contract.ts';
import { Fault } from '../../../src/adapter/faults.ts';
import type { Observation, Page } from '../../../src/adapter/observation.ts';
import { MINUTE, plus } from '../../../src/domain/instant.ts';
import { UNKNOWN_ATTRIBUTES } from '../../../src/domain/slot.ts';
import { allOf, type Broken, broken, pages, recast, rowPages, rows } from './broken.ts';

/** Adapters that read wrongly. */

const EVERYBODY = { ...UNKNOWN_ATTRIBUTES, eligibility: ['anyone'] as const };

/** Its first reading, over and over. */
function remembering(platform: Platform): Partial<Platform> {
  let kept: Page[] | null = null;
  return {
    read: async function* (request) {
      kept ??= await allOf(platform.read(request));
      yield* kept;
    },
  };
}

const endShifted = (row: Observation): Observation => ({
  ...row,
  interval: { ...row.interval, end: plus(row.interval.end, -MINUTE) },
});

function firstPageOnly(platform: Platform): Partial<Platform> {
  return {
    read: async function* (request) {
      let pageCount = 0;
      for await (const page of platform.read(request)) {
        if (page.kind !== 'rows') yield page;
        else if (pageCount === 0) yield page;
        pageCount += 1;
      }
    },
  };
}

export const READING: readonly Broken[] = [
  broken('checks by a call that its key does not open', 'check', () => ({
    check: async () => {
      throw new Fault('malformed', 'unexpected HTTP 404');
    },
  })),
  broken('reads the first page only', 'whole-reading', firstPageOnly),
  broken(
    'reads no blocks',
    'whole-reading',
    rows((row) => (isBlock(row) ? null : row)),
  ),
  broken('takes the end of a time for its last minute', 'whole-reading', rows(endShifted)),
  broken(
    'gives what stands on two pages twice',
    'whole-reading',
    rowPages((page) => ({ ...page, rows: [...page.rows, ...page.rows.slice(-1)] })),
  ),
  broken(
    'never says that it read all',
    'whole-reading',
    pages((page) => (page.kind === 'end' ? { ...page, complete: null } : page)),
  ),
  broken('keeps its first reading', ['booking-observed', 'cancellation-observed'], remembering),
  broken(
    'takes a booking for a block',
    'booking-observed',
    rows((row) => (isAppointment(row) ? { ...row, busyKind: 'block' } : row)),
  ),
  broken(
    'says nothing of what is gone',
    'cancellation-observed',
    rowPages((page) => ({ ...page, removed: [] })),
    'establishment',
  ),
  broken(
    'repeats a value of a record that it set aside',
    'malformed-record',
    rowPages((page) => ({
      ...page,
      rejected: page.rejected.map((each) => ({ ...each, reason: `not valid: ${JSON.stringify(each.raw)}` })),
    })),
  ),
  broken('calls a reading complete beside a record without a name', 'malformed-record', (platform) => ({
    read: async function* (request) {
      for await (const page of platform.read(request))
        yield page.kind === 'end' ? { ...page, complete: request.window } : page;
    },
  })),
  broken(
    'throws a page away for one bad record',
    'malformed-record',
    rowPages((page) => (page.rejected.length > 0 ? { ...page, rows: [] } : page)),
  ),
  broken(
    'stops at a bad record',
    'malformed-record',
    rowPages((page) => {
      if (page.rejected.length > 0) throw new Fault('malformed', 'a record does not fit');
      return page;
    }),
  ),
  broken(
    'says nothing of a record that it left out',
    'malformed-record',
    rowPages((page) => ({ ...page, rejected: [] })),
  ),
  broken('takes an answer that it cannot read for an empty agenda', 'malformed-envelope', (platform) => ({
    read: async function* (request) {
      const nothing: Page[] = [{ kind: 'end', complete: request.window, cursor: null }];
      yield* await recast(allOf(platform.read(request)), ['malformed'], () => nothing);
    },
  })),
  broken('throws what its parser throws', 'malformed-envelope', (platform) => ({
    read: async function* (request) {
      yield* await recast(allOf(platform.read(request)), ['malformed'], () => {
        throw new SyntaxError('Unexpected token');
      });
    },
  })),
  broken(
    'takes a cursor that is no more for a fault',
    'cursor-expired',
    pages((page) => {
      if (page.kind === 'cursorExpired') throw new Fault('malformed', 'unexpected HTTP 410');
      return page;
    }),
    'establishment',
  ),
  broken(
    'takes a cursor that is no more for no news',
    'cursor-expired',
    pages((page) => (page.kind === 'cursorExpired' ? { kind: 'end', complete: null, cursor: null } : page)),
    'establishment',
  ),
  broken(
    'begins anew at every reading',
    'cursor-goes-on',
    (platform) => ({ read: (request) => platform.read({ ...request, cursor: null }) }),
    'establishment',
  ),
  broken(
    'calls what changed since its cursor all that there is',
    'cursor-goes-on',
    (platform) => ({
      read: async function* (request) {
        for await (const page of platform.read(request))
          yield page.kind === 'end' ? { ...page, complete: request.window } : page;
      },
    }),
    'establishment',
  ),
  broken(
    'drops the slots that have an unmapped code',
    'unmapped-code',
    rowPages((page) => {
      const reported = new Set(page.rejected.map(({ externalId }) => externalId));
      return { ...page, rows: page.rows.filter(({ externalId }) => !reported.has(externalId)) };
    }),
  ),
  broken(
    'takes a code that it does not know for open to anyone',
    'unmapped-code',
    rows((row) =>
      row.kind === 'slot' && row.attributes.eligibility === null ? { ...row, attributes: EVERYBODY } : row,
    ),
  ),
  broken(
    'does not report an unmapped code',
    'unmapped-code',
    rowPages((page) => ({ ...page, rejected: [] })),
  ),
];

const isBlock = (row: Observation): boolean => row.kind === 'busy' && row.busyKind === 'block';
const isAppointment = (row: Observation): boolean => row.kind === 'busy' && row.busyKind === 'appointment';

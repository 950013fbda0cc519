import type { List, ListRead, Platform } from '../../../src/adapter/contract.ts';
import { markOf } from '../../../src/adapter/observation.ts';
import { type Broken, broken, type Spoil } from './broken.ts';

/** Adapters that read lists wrongly. */

/** What is read becomes something else. */
const reading =
  (change: (read: ListRead, list: List) => ListRead): Spoil =>
  ({ readList }: Platform) => ({
    readList: async (list) => {
      const read = await readList?.(list);
      if (!read) throw new Error('it reads no lists');
      return change(read, list);
    },
  });

const spoiled = (wrong: string, caught: string | readonly string[], spoil: Spoil): Broken =>
  broken(wrong, caught, spoil, 'listed');

let readings = 0;

export const LISTS: readonly Broken[] = [
  spoiled(
    'leaves the last line out',
    'list-whole',
    reading((read) => ({ ...read, rows: read.rows.slice(0, -2) })),
  ),
  spoiled(
    'shows what is free alone',
    'list-whole',
    reading((read) => ({ ...read, rows: read.rows.filter(({ kind }) => kind === 'slot') })),
  ),
  spoiled(
    'puts a mark of ours on what a person copied',
    'list-whole',
    reading((read) => ({
      ...read,
      rows: read.rows.map((row) => ({ ...row, mark: markOf('00000000-0000-4000-8000-000000000001') })),
    })),
  ),
  spoiled(
    'counts its rows anew in each list',
    'list-ids',
    reading((read) => {
      readings += 1;
      return {
        ...read,
        rows: read.rows.map((row, index) => ({ ...row, externalId: `${readings}-${index}` })),
      };
    }),
  ),
  spoiled(
    'has other ids for what somebody says than for what is copied',
    'list-ids',
    reading((read, { kind }) =>
      kind === 'text' ? read : { ...read, rows: read.rows.map((row) => ({ ...row, externalId: 'said' })) },
    ),
  ),
  spoiled(
    'says nothing of what is free',
    'list-freed',
    reading((read) => ({ ...read, removed: [] })),
  ),
  spoiled(
    'drops a line that it cannot read',
    'list-bad-line',
    reading((read) => ({ ...read, wrong: [] })),
  ),
  spoiled(
    'counts lines from zero',
    'list-bad-line',
    reading((read) => ({ ...read, wrong: read.wrong.map((each) => ({ ...each, line: each.line - 1 })) })),
  ),
  spoiled(
    'repeats the line that it cannot read',
    'list-bad-line',
    reading((read, list) => ({
      ...read,
      wrong: read.wrong.map((each) => {
        const said = list.kind === 'text' ? list.text.split('\n').at(-2) : '';
        return { ...each, reason: { fr: `illisible : ${said}`, en: `unreadable: ${said}` } };
      }),
    })),
  ),
  spoiled('takes what is no list for an empty one', 'list-hostile', ({ readList }) => ({
    readList: async (list) => {
      const read = await readList?.(list);
      return read?.wrong.length === 0 ? read : { rows: [], removed: [], wrong: [] };
    },
  })),
];

import { expect } from 'chai';
import { markOf, type Page } from '../../src/adapter/observation.ts';
import { faultOf } from '../support/platform-http.ts';
import { at, BASIS, idsOf, pagesOf, problemsOf, rows, scripted } from './scripted.ts';

/** What a record says, by its description. */

type Rows = Extract<Page, { kind: 'rows' }>;

const SECRET = 'TREMBLAY-FICTIVE';

const table = (name: string, target: string, codes: Readonly<Record<string, string>>) => ({
  resourceType: 'ConceptMap',
  id: `acme-${name}`,
  group: [
    {
      source: 'urn:acme',
      target,
      element: Object.entries(codes).map(([code, to]) => ({
        code,
        target: [{ code: to, equivalence: 'equal' }],
      })),
    },
  ],
});
const TABLES = [
  table('reason', 'https://passerelle.example/fhir/CodeSystem/reason', {
    U: 'urgent',
    F: 'regular-follow-up',
  }),
  table('state', 'http://hl7.org/fhir/slotstatus', {
    O: 'free',
    B: 'busy',
    H: 'busy-tentative',
    X: 'busy-unavailable',
    W: 'nowhere',
  }),
];

async function read(record: object, given: readonly unknown[], more: object = {}): Promise<Rows> {
  const description = { ...BASIS, record: { ...BASIS.record, ...record }, ...more };
  const { platform } = scripted(description, () => ({ body: { rows: given, site: 'north' } }), {
    tables: TABLES,
  });
  const pages = await pagesOf(platform);
  const [first, ...others] = pages;
  if (first?.kind !== 'rows' || others.length !== 1) throw new Error('one page was expected');
  return first;
}
const reasonsOf = (page: Rows): string[] =>
  page.rejected.map(({ externalId, reason }) => `${externalId} ${reason}`);

describe('a record of a description', () => {
  const [row] = rows('a');
  const start = at('2026-11-25T14:00:00Z');

  it('has its times by an offset, by a format in the zone of its calendar, or counted', async () => {
    const times: readonly (readonly [object | string, unknown])[] = [
      ['start', '2026-11-25T09:00:00-05:00'],
      [{ from: 'start', local: 'DD.MM.YYYY HH:mm' }, '25.11.2026 09:00'],
      [{ from: "d & 'T' & t", local: 'YYYY-MM-DDTHH:mm' }, undefined],
      [{ from: 'start', since1970: 'seconds' }, start / 1_000],
      [{ from: 'start', since1970: 'milliseconds' }, String(start)],
    ];
    for (const [time, value] of times) {
      const page = await read({ start: time }, [{ ...row, start: value, d: '2026-11-25', t: '09:00' }]);
      expect(page.rejected).to.deep.equal([]);
      expect(page.rows[0]?.interval.start, JSON.stringify(time)).to.equal(start);
    }
  });

  it('is set aside where it cannot be read: the field and why, and no value', async () => {
    const bad: readonly (readonly [object, object, string])[] = [
      [{}, { start: SECRET }, 'a start: not an instant with an offset'],
      [{}, { start: '2026-11-25T09:00:00' }, 'a start: not an instant with an offset'],
      [{}, { start: null }, 'a start: missing'],
      [{}, { start: [SECRET] }, 'a start: not a text'],
      [
        { start: { from: 'start', local: 'YYYY-MM-DD HH:mm' } },
        { start: SECRET },
        'a start: not a time of its format',
      ],
      [
        { start: { from: 'start', since1970: 'seconds' } },
        { start: 1e20 },
        'a start: not a count of seconds since 1970',
      ],
      [
        { start: { from: 'start', since1970: 'seconds' } },
        { start: true },
        'a start: not a count of seconds since 1970',
      ],
      [{ minutes: '0' }, {}, 'a minutes: not a whole number of 1 to 44640'],
      [{ minutes: 'x' }, { x: 20.5 }, 'a minutes: not a whole number'],
      [{ minutes: undefined, end: 'start' }, {}, 'a end: not after the start'],
      [{ minutes: '$number(x)' }, { x: SECRET }, 'a minutes: cannot be computed (D3030)'],
      [{}, { id: null }, 'null id: missing'],
      [{}, { id: 'x'.repeat(201) }, 'null id: not a text of 1 to 200 characters'],
      [{}, { id: 'a\0' }, 'null id: not a text of 1 to 200 characters'],
      [{}, { doctor: null }, 'a calendar: missing'],
      [{ sequence: 'x' }, { x: 'one' }, 'a sequence: not a whole number'],
      [{ kind: { code: 'k', is: { S: 'slot' } } }, { k: SECRET }, 'a kind: none of those described'],
      [{ kind: { code: 'k', is: { S: 'slot' } } }, { k: 'toString' }, 'a kind: none of those described'],
      [{ kind: { code: 'k', map: 'state' } }, { k: 'Z' }, 'a unmapped code Z in kind'],
      [{ kind: { code: 'k', map: 'state' } }, { k: 'W' }, 'a unmapped code W in kind'],
    ];
    for (const [record, wrong, reason] of bad) {
      const page = await read(
        record,
        [{ ...row, ...wrong }, ...rows('b').map((each) => ({ ...each, k: 'S', x: 5 }))].slice(0, 1),
      );
      expect(reasonsOf(page)).to.deep.equal([reason]);
      expect(page.rows).to.deep.equal([]);
    }
  });

  it('stops nobody else', async () => {
    const page = await read({}, [null, 12, SECRET, [], { id: 'x', doctor: 'dr' }, ...rows('b')]);
    expect(page.rows.map(({ externalId }) => externalId)).to.deep.equal(['b']);
    expect(reasonsOf(page)).to.deep.equal([...Array(4).fill('null id: missing'), 'x start: missing']);
  });

  it('without an id may be any of those that are missing: then absence means nothing', async () => {
    const { platform } = scripted(BASIS, () => ({ body: { rows: [null, ...rows('a')] } }));
    expect((await pagesOf(platform)).at(-1)).to.deep.equal({ kind: 'end', complete: null, cursor: null });
  });

  it('of another calendar is none of our business, whatever it looks like', async () => {
    const page = await read({}, [{ id: 'x', doctor: 'another' }, ...rows('a')]);
    expect([page.rows.length, page.rejected.length]).to.deep.equal([1, 0]);
  });

  it('that does not count is left out, and may be told by what stands around it', async () => {
    const lists = [{ ...BASIS.read.lists[0], only: "id != 'b' and $answer.site = 'north'" }];
    const page = await read({}, rows('a', 'b', 'c'), { read: { lists } });
    expect(page.rows.map(({ externalId }) => externalId)).to.deep.equal(['a', 'c']);
  });

  it('may be all of the answer, or a list that is the answer itself', async () => {
    const lists = [{ ...BASIS.read.lists[0], rows: '$' }];
    for (const ids of [[], ['a'], ['a', 'b']]) {
      const { platform } = scripted({ ...BASIS, read: { lists } }, () => ({ body: rows(...ids) }));
      expect(await idsOf(platform)).to.deep.equal(ids);
    }
  });

  it('carries our mark, or somebody’s own words', async () => {
    const mark = markOf('00000000-0000-4000-8000-000000000001');
    const page = await read({ mark: 'note' }, [
      { ...row, note: mark },
      { ...row, id: 'b', note: `passerelle:${SECRET}` },
      { ...row, id: 'c', note: { x: 1 } },
    ]);
    expect(page.rows.map((each) => each.mark)).to.deep.equal([mark, null, null]);
  });

  it('has its codes by tables: one that is unmapped makes the attribute unknown, and is told', async () => {
    const attributes = { reasons: { codes: 'reasons', map: 'reason' } };
    const page = await read({ attributes }, [
      { ...row, reasons: ['U', 'F'] },
      { ...row, id: 'b', reasons: 'U' },
      { ...row, id: 'c', reasons: ['U', 'Z'] },
      { ...row, id: 'd', reasons: null },
      { ...row, id: 'e', reasons: [] },
    ]);
    const reasons = page.rows.map((each) => (each.kind === 'slot' ? each.attributes.reasons : 'none'));
    expect(reasons).to.deep.equal([['urgent', 'regular-follow-up'], ['urgent'], null, null, []]);
    expect(reasonsOf(page)).to.deep.equal(['c unmapped code Z in reasons']);
  });

  it('of a grid is a slot, and what takes its time beside it', async () => {
    const grid = { kind: { code: 'k', map: 'state', grid: true } };
    const states = ['O', 'B', 'H', 'X'].map((k) => ({ ...row, id: k, k }));
    const page = await read(grid, states);
    const kinds = page.rows.map(
      (each) => `${each.externalId} ${each.kind === 'busy' ? each.busyKind : each.kind}`,
    );
    expect(kinds).to.deep.equal([
      'O slot',
      'B slot',
      'B appointment',
      'H slot',
      'H hold',
      'X slot',
      'X block',
    ]);
    expect(page.removed).to.deep.equal([]);
  });

  it('of a grid that changed says too that its time is free again', async () => {
    const description = {
      ...BASIS,
      record: { ...BASIS.record, kind: { code: 'k', map: 'state', grid: true }, gone: 'gone', sequence: 'n' },
      read: {
        ...BASIS.read,
        changes: {
          start: { request: { path: '/now' }, cursor: 'cursor' },
          ...{ request: { path: '/changes' }, rows: 'rows', cursor: 'cursor', more: 'more' },
        },
      },
    };
    const changed = [
      { ...row, k: 'O', n: 4 },
      { id: 'b', k: 'B', gone: true },
    ];
    const { platform } = scripted(description, () => ({ body: { rows: changed, cursor: 'c' } }), {
      tables: TABLES,
    });
    const [page] = await pagesOf(platform, 'before');
    expect(page?.kind === 'rows' && page.removed).to.deep.equal([
      { kind: 'busy', externalId: 'a', sequence: 4 },
      { kind: 'slot', externalId: 'b', sequence: null },
      { kind: 'busy', externalId: 'b', sequence: null },
    ]);
  });

  it('whose expression knows no bounds stops the reading: the next one would be the same', async () => {
    const { platform } = scripted({ ...BASIS, record: { ...BASIS.record, id: '[1..200000]' } }, () => ({
      body: { rows: rows('a') },
    }));
    const { kind, message } = await faultOf(() => pagesOf(platform));
    expect(`${kind}: ${message}`).to.equal(
      'malformed: an expression of the description makes a list of more than 100000',
    );
  });

  it('names tables that are there: an operator may have removed one', async () => {
    const attributes = { reasons: { codes: 'reasons', map: 'reason' } };
    expect(problemsOf({ ...BASIS, record: { ...BASIS.record, attributes } })).to.deep.equal([]);
    expect(() => scripted({ ...BASIS, record: { ...BASIS.record, attributes } }, () => ({}))).to.throw(
      'its mappings: no ConceptMap with id acme-reason',
    );
  });
});

import { expect } from 'chai';
import { nextLink } from '../../src/described/paging.ts';
import { faultOf } from '../support/platform-http.ts';
import { type Answered, type Asked, BASIS, idsOf, pagesOf, rows, scripted, WINDOW } from './scripted.ts';

const described = (paging: object, more: object = {}) => ({
  ...BASIS,
  read: { lists: [{ request: { path: '/list' }, rows: 'rows', paging, ...more }] },
});

const ALL = ['a', 'b', 'c', 'd', 'e'];

/** The platform has these in pages of two. */
const serve = (paging: object, answer: (asked: Asked) => Answered, more: object = {}) =>
  scripted(described({ size: 2, ...paging }, more), answer);

const problemOf = async (paging: object, answer: (asked: Asked) => Answered): Promise<string> => {
  const { kind, message } = await faultOf(() => pagesOf(serve(paging, answer).platform));
  return `${kind}: ${message}`;
};
const part = (from: number, size = 2): Answered => ({
  body: { rows: rows(...ALL.slice(from, from + size)) },
});
const ENDLESS = 'malformed: the list does not end';
const CUT = 'malformed: a page is full, and nothing says whether there is another';

describe('the pages of a description are turned', () => {
  it('by number, until one is not full', async () => {
    const { platform, asked } = serve({ type: 'page', parameter: 'p' }, ({ query }) =>
      part((Number(query['p']) - 1) * 2),
    );
    expect(await idsOf(platform)).to.deep.equal(ALL);
    expect(asked.map(({ query }) => query)).to.deep.equal([{ p: '1' }, { p: '2' }, { p: '3' }]);
  });

  it('by number from zero, to an empty one where the last is full', async () => {
    const { platform, asked } = serve({ type: 'page', parameter: 'p', first: 0 }, ({ query }) =>
      part(Number(query['p']) * 2 + 1),
    );
    expect(await idsOf(platform)).to.deep.equal(['b', 'c', 'd', 'e']);
    expect(asked).to.have.length(3);
  });

  it('by offset', async () => {
    const { platform, asked } = serve({ type: 'offset', parameter: 'skip' }, ({ query }) =>
      part(Number(query['skip'])),
    );
    expect(await idsOf(platform)).to.deep.equal(ALL);
    expect(asked.map(({ query }) => query['skip'])).to.deep.equal(['0', '2', '4']);
  });

  const cursor = { type: 'cursor', parameter: 'after', next: 'meta.next' };

  it('by a cursor of the answer, until that is null', async () => {
    const { platform, asked } = serve(cursor, ({ query }) => {
      const from = Number(query['after'] ?? 0);
      return {
        body: { rows: rows(...ALL.slice(from, from + 2)), meta: { next: from + 2 < 5 ? from + 2 : null } },
      };
    });
    expect(await idsOf(platform)).to.deep.equal(ALL);
    expect(asked.map(({ query }) => query['after'])).to.deep.equal([undefined, '2', '4']);
  });

  it('by a cursor: a full page without one is an error, a page that is not full is the last', async () => {
    expect(await problemOf(cursor, () => part(0))).to.equal(CUT);
    expect(await idsOf(serve(cursor, () => part(4)).platform)).to.deep.equal(['e']);
    expect(
      await idsOf(serve(cursor, () => ({ body: { rows: rows('a', 'b'), meta: { next: null } } })).platform),
    ).to.deep.equal(['a', 'b']);
  });

  it('by a cursor: the same again, or without end, is an error', async () => {
    expect(await problemOf(cursor, () => ({ body: { rows: rows('a'), meta: { next: 'x' } } }))).to.equal(
      ENDLESS,
    );
    let count = 0;
    expect(
      await problemOf({ ...cursor, pagesMax: 7 }, () => ({
        body: { rows: rows('a'), meta: { next: ++count } },
      })),
    ).to.equal(ENDLESS);
    expect(count).to.equal(7);
    expect(await problemOf(cursor, () => ({ body: { rows: rows('a'), meta: { next: { x: 1 } } } }))).to.equal(
      'malformed: the next page is named by no text',
    );
  });

  const link = { type: 'link' };

  it('by Link, with credentials and to the same place only', async () => {
    const { platform, asked } = serve(link, ({ query }) => {
      const from = Number(query['from'] ?? 0);
      const next = from + 2 < 5 ? `, </api/list?from=${from + 2}&x=y>; rel="next last"` : '';
      return { ...part(from), headers: { link: `<https://acme.example/api/list>; rel=first${next}` } };
    });
    expect(await idsOf(platform)).to.deep.equal(ALL);
    expect(asked.map(({ path, query }) => `${path} ${query['from']} ${query['x']}`)).to.deep.equal([
      '/api/list undefined undefined',
      '/api/list 2 y',
      '/api/list 4 y',
    ]);
    for (const url of [
      'https://evil.example/api/list',
      '/other',
      '//evil.example/api/x',
      '/api/../secret',
      'https://[',
    ]) {
      const answer = { ...part(0), headers: { link: `<${url}>; rel="next"` } };
      expect(await problemOf(link, () => answer), url).to.equal(
        'malformed: the next page is not below the address of the interface',
      );
    }
  });

  it('by Link: a full page without any is an error', async () => {
    expect(await problemOf(link, () => part(0))).to.equal(CUT);
    expect(await idsOf(serve(link, () => part(4)).platform)).to.deep.equal(['e']);
  });

  it('not at all: a page that is full to its cap is an error', async () => {
    expect(await problemOf({ type: 'none' }, () => part(0))).to.equal(CUT);
    expect(await idsOf(serve({ type: 'none' }, () => part(4)).platform)).to.deep.equal(['e']);
  });

  it('as long as there is anything: a status may say that there is nothing', async () => {
    const { platform } = serve({ type: 'none' }, () => ({ status: 404 }), { none: [404] });
    expect(await pagesOf(platform)).to.deep.equal([{ kind: 'end', complete: WINDOW, cursor: null }]);
    expect(await problemOf({ type: 'none' }, () => ({ status: 404 }))).to.equal(
      'malformed: unexpected HTTP 404',
    );
  });

  it('and handed on bit by bit, however many the platform answers at once', async () => {
    const ids = Array.from({ length: 4_500 }, (_, number) => `r${number}`);
    const { platform } = serve({ type: 'none', size: 5_000 }, () => ({ body: { rows: rows(...ids) } }));
    const pages = await pagesOf(platform);
    expect(pages.map((page) => (page.kind === 'rows' ? page.rows.length : page.kind))).to.deep.equal([
      2_000,
      2_000,
      500,
      'end',
    ]);
  });

  it('never an empty agenda: what has no list there is a fault', async () => {
    for (const body of [
      {},
      [],
      null,
      { rows: null },
      { rows: {} },
      { rows: 'x' },
      '',
      '<html>',
      '['.repeat(200),
    ])
      expect(await problemOf({ type: 'none' }, () => ({ body })), JSON.stringify(body)).to.match(
        /^malformed: /,
      );
    expect(await idsOf(serve({ type: 'none' }, () => ({ body: { rows: [] } })).platform)).to.deep.equal([]);
  });
});

describe('the next link of RFC 8288', () => {
  for (const [header, next] of [
    ['<a>; rel="next"', 'a'],
    ['<a>; rel=prev, <b>; title="x"; REL=Next', 'b'],
    ['<a>; rel="prev next"', 'a'],
    ['<a?x=1,2>; rel="next"', 'a?x=1,2'],
    ['<a>; rel="nextish"', null],
    ['<a>', null],
    ['<a', null],
    ['', null],
  ] as const)
    it(`${header || 'nothing'} is ${next}`, () => expect(nextLink(header)).to.equal(next));
});

describe('a description that tells of changes', () => {
  const changes = {
    start: { request: { path: '/now' }, cursor: 'cursor' },
    request: { path: '/changes', query: { after: '{{ cursor }}' } },
    rows: 'changes',
    cursor: 'cursor',
    more: 'more',
    expired: [410, 422],
    pagesMax: 5,
  };
  const delta = (answer: (asked: Asked) => Answered) =>
    scripted({ ...BASIS, read: { ...BASIS.read, changes } }, answer);

  it('takes its cursor before it reads the lists', async () => {
    const { platform, asked } = delta(({ path }) =>
      path === '/api/now' ? { body: { cursor: 'c1' } } : { body: { rows: rows('a') } },
    );
    expect((await pagesOf(platform)).at(-1)).to.deep.equal({ kind: 'end', complete: WINDOW, cursor: 'c1' });
    expect(asked.map(({ path }) => path)).to.deep.equal(['/api/now', '/api/list']);
  });

  it('goes on from it while there is more', async () => {
    const { platform, asked } = delta(({ query }) => {
      const number = Number(query['after']?.slice(1));
      return { body: { changes: rows(number), cursor: `c${number + 1}`, more: number < 3 } };
    });
    const pages = await pagesOf(platform, 'c1');
    expect(asked.map(({ query }) => query['after'])).to.deep.equal(['c1', 'c2', 'c3']);
    expect(pages.at(-1)).to.deep.equal({ kind: 'end', complete: null, cursor: 'c4' });
  });

  it('says that the cursor is no more, by each of its statuses', async () => {
    for (const status of [410, 422])
      expect(await pagesOf(delta(() => ({ status })).platform, 'c1')).to.deep.equal([
        { kind: 'cursorExpired' },
      ]);
  });

  it('does not go round', async () => {
    const same = delta(() => ({ body: { changes: [], cursor: 'c1', more: true } }));
    expect((await faultOf(() => pagesOf(same.platform, 'c1'))).message).to.equal('the list does not end');
    let count = 0;
    const more = delta(() => ({ body: { changes: [], cursor: `x${++count}`, more: true } }));
    expect((await faultOf(() => pagesOf(more.platform, 'c1'))).message).to.equal('the list does not end');
    expect(count).to.equal(5);
    const none = delta(() => ({ body: { changes: [], more: false } }));
    expect((await faultOf(() => pagesOf(none.platform, 'c1'))).kind).to.equal('malformed');
  });
});

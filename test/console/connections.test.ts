import { expect } from 'chai';
import { linesIn } from '../../console/src/api/ndjson.ts';
import type { Connection } from '../../console/src/connections/model.ts';
import { extremesOf, HEIGHT, linesOf, WIDTH } from '../../console/src/connections/sparkline.ts';
import { needsAttention, sayingOf, worstFirst } from '../../console/src/connections/standings.ts';
import { bySubject } from '../../console/src/connections/subjects.ts';

const SINCE = '2026-11-28T10:42:00.000Z';

const connection = (id: string, more: Partial<Connection> = {}): Connection => ({
  id,
  platform: 'test',
  title: { fr: id, en: id },
  ready: true,
  reasons: [],
  state: 'working',
  since: null,
  error: null,
  timeZone: 'America/Toronto',
  editedHere: false,
  listed: false,
  freshnessMilliseconds: 120_000,
  confirmedAt: SINCE,
  feeds: 2,
  feedsRead: 2,
  ...more,
});

describe('what the page of connections says', () => {
  it('has the worst first, and keeps the order of the configuration among equals', () => {
    const all = [
      connection('a'),
      connection('b', { state: 'paused' }),
      connection('c', { state: 'down' }),
      connection('d'),
      connection('e', { state: 'stale' }),
      connection('f', { state: 'failing' }),
    ];
    expect(worstFirst(all).map(({ id }) => id)).to.deep.equal(['c', 'f', 'e', 'b', 'a', 'd']);
    expect(all.filter(needsAttention).map(({ id }) => id)).to.deep.equal(['b', 'c', 'e', 'f']);
  });

  it('has a sentence for each state', () => {
    const say = (more: Partial<Connection>) => sayingOf(connection('a', more));
    expect(say({})).to.deep.equal({ key: 'well', ago: SINCE });
    expect(say({ listed: true })).to.deep.equal({ key: 'listed', ago: SINCE });
    expect(say({ listed: true, confirmedAt: null })).to.deep.equal({ key: 'neverListed' });
    expect(say({ editedHere: true, confirmedAt: null })).to.deep.equal({ key: 'here' });
    for (const state of ['down', 'failing', 'in-doubt', 'stale', 'paused'] as const)
      expect(say({ state, since: SINCE })).to.deep.equal({ key: state, since: SINCE });
    expect(say({ state: 'unread', feedsRead: 1 })).to.deep.equal({ key: 'unread', read: 1, of: 2 });
    expect(say({ state: 'unread', feeds: 0 })).to.deep.equal({ key: 'unstarted' });
  });
});

describe('a sparkline', () => {
  const box = { from: 0, before: 100, step: 10, least: 0 };

  it('draws a line for each stretch of which something is known, and a dot for one that stands alone', () => {
    const values = [0, 10, 20, 60, 90, 100].map((at) => ({ at, value: at }));
    const lines = linesOf(values, box);
    expect(lines.map((line) => line.split(' ').length)).to.deep.equal([3, 2, 2]);
    expect(lines[1]?.split(' ')[0]).to.equal(lines[1]?.split(' ')[1]);
  });

  it('stays in its box, with zero at its foot and the most at its head', () => {
    const [line = ''] = linesOf(
      [
        { at: 0, value: 0 },
        { at: 10, value: 8 },
      ],
      { ...box, before: 10 },
    );
    expect(line).to.equal(`3.0,${HEIGHT - 3}.0 ${WIDTH - 3}.0,3.0`);
    expect(linesOf([{ at: 0, value: 0 }], box)).to.have.length(1);
  });

  it('does not make a mountain of what is well', () => {
    const [line = ''] = linesOf([{ at: 0, value: 5 }], { ...box, least: 10 });
    expect(line).to.contain(`,${HEIGHT / 2}.0`);
  });

  it('is told in words by its least, its most and its last', () => {
    expect(extremesOf([])).to.equal(null);
    expect(extremesOf([3, 9, 1, 4].map((value, at) => ({ at, value })))).to.deep.equal({
      min: 1,
      max: 9,
      now: 4,
    });
  });
});

describe('a report of conformance', () => {
  it('is told by subject, with what a later suite has brought at the end', () => {
    const of = (subject: string, outcome: 'passed' | 'exempt') =>
      ({ id: subject, subject, title: '', grade: 'gold', outcome, reason: null }) as const;
    const found = bySubject([
      of('later', 'passed'),
      of('faults', 'passed'),
      of('reading', 'exempt'),
      of('faults', 'exempt'),
    ]);
    expect(found.map(({ subject, cases, passed }) => [subject, cases.length, passed])).to.deep.equal([
      ['reading', 1, 0],
      ['faults', 2, 1],
      [null, 1, 1],
    ]);
  });
});

describe('NDJSON, as it comes', () => {
  it('is read line by line, however it is cut', async () => {
    const chunks = ['{"a":1}\n{"a"', ':2}\n', '\n{"a":"é', '"}'];
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
        controller.close();
      },
    });
    const found: unknown[] = [];
    for await (const line of linesIn(new Response(body))) found.push(line);
    expect(found).to.deep.equal([{ a: 1 }, { a: 2 }, { a: 'é' }]);
  });
});

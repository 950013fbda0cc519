import { expect } from 'chai';
import { together } from '../../src/fhir/together.ts';

type Row = { readonly id: string };
type Call = {
  readonly ids: readonly string[];
  readonly answer: (rows: Row[]) => void;
  readonly fail: (error: Error) => void;
};

describe('look-ups by id', () => {
  let calls: Call[] = [];
  const find = (ids: readonly string[]) =>
    new Promise<Row[]>((answer, fail) => {
      calls.push({ ids, answer, fail });
    });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  beforeEach(() => {
    calls = [];
  });

  it('do not wait for anybody when nothing is under way', async () => {
    const row = together(find)('a');
    await settled();
    expect(calls.map(({ ids }) => ids)).to.deep.equal([['a']]);
    calls[0]?.answer([{ id: 'a' }]);
    expect(await row).to.deep.equal({ id: 'a' });
  });

  it('share the next one while one is under way, each id once, and each caller gets its own', async () => {
    const look = together(find);
    const first = look('a');
    await settled();
    const others = [look('b'), look('c'), look('b'), look('gone')];
    await settled();
    expect(calls, 'one at a time').to.have.length(1);
    calls[0]?.answer([{ id: 'a' }]);
    expect(await first).to.deep.equal({ id: 'a' });
    await settled();
    expect(calls.map(({ ids }) => ids)).to.deep.equal([['a'], ['b', 'c', 'gone']]);
    calls[1]?.answer([{ id: 'c' }, { id: 'b' }]);
    expect(await Promise.all(others)).to.deep.equal([{ id: 'b' }, { id: 'c' }, { id: 'b' }, null]);
  });

  it('never join one that has begun: what was committed since would be missed', async () => {
    const look = together(find);
    const before = look('a');
    await settled();
    const after = look('a');
    calls[0]?.answer([]);
    expect(await before).to.equal(null);
    await settled();
    calls[1]?.answer([{ id: 'a' }]);
    expect(await after).to.deep.equal({ id: 'a' });
  });

  it('that fail fail those who shared them, and nobody else', async () => {
    const look = together(find);
    const failing = [look('a'), look('b')].map((each) => each.catch((error: Error) => error.message));
    await settled();
    const later = look('c');
    calls[0]?.fail(new Error('the database does not answer'));
    expect(await Promise.all(failing)).to.deep.equal(
      Array.from({ length: 2 }, () => 'the database does not answer'),
    );
    await settled();
    calls[1]?.answer([{ id: 'c' }]);
    expect(await later).to.deep.equal({ id: 'c' });
  });
});

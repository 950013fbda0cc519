import { expect } from 'chai';
import { Runner } from './harness/runner.ts';
import { wrongIn } from './harness/verdict.ts';

describe('fuzz: the harness', function () {
  this.timeout(120_000);
  const runner = new Runner();
  after(() => runner.close());

  const fuzz = (
    target: string,
    more: { corpus?: readonly unknown[]; milliseconds?: number; path?: string } = {},
  ) => runner.fuzz({ target, milliseconds: 800, seed: 1, corpus: [], ...more });
  const wrong = async (target: string, more = {}): Promise<string> =>
    wrongIn(target, await fuzz(target, more)) ?? 'nothing is wrong';

  it('finds nothing where nothing is wrong, and counts what became of the inputs', async () => {
    const report = await fuzz('sound');
    expect(wrongIn('sound', report)).to.equal(null);
    expect(Object.keys(report.verdicts)).to.have.members(['read', 'Foreseen']);
    expect(report.grownBytes).to.be.a('number');
  });

  it('makes what crashes as small as it is, and makes it again', async () => {
    const report = await fuzz('crashes');
    expect(report.failure?.input).to.equal('"x"');
    expect(wrongIn('crashes', report))
      .to.include('TypeError: of some x')
      .and.include('--target crashes --seed');
    const { seed, path } = report.failure?.replay ?? { seed: 0, path: '' };
    const again = await runner.fuzz({ target: 'crashes', milliseconds: 1, seed, path, corpus: [] });
    expect(again.failure?.input).to.equal('"x"');
  });

  it('puts in the corpus first', async () => {
    const report = await fuzz('crashes', { corpus: ['fine', 'ax'] });
    expect(report.failure).to.include({ input: '"ax"', replay: null });
    expect(report.inputs).to.equal(1);
  });

  it('ends what hangs, says on which input, and goes on with another process', async () => {
    const told = await wrong('hangs', { corpus: ['b'] });
    expect(told).to.include('it hangs').and.include('"b"').and.include('SIGKILL');
    expect(wrongIn('sound', await fuzz('sound'))).to.equal(null);
  });

  it('tells what fills the memory', async () => {
    expect(await wrong('fills the memory', { corpus: ['c'] }))
      .to.include('"c"')
      .and.match(/heap|memory/i);
  });

  it('tells what keeps memory', async () => {
    expect(await wrong('leaks')).to.include('leaks keeps memory');
  });

  it('tells what changes the prototype of all', async () => {
    expect(await wrong('pollutes')).to.include('a prototype was polluted');
  });

  it('tells what fails when nobody listens any more', async () => {
    expect(await wrong('throws later')).to.include('when nobody listens any more');
  });
});

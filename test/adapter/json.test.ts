import { expect } from 'chai';
import fc from 'fast-check';
import { jsonIn } from '../../src/adapter/json.ts';

const read = (text: string): unknown => jsonIn(Buffer.from(text));
const nested = (depth: number): string => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;

describe('JSON of somebody else’s', () => {
  it('is read as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const text = JSON.stringify(value);
        expect(read(text)).to.deep.equal(JSON.parse(text));
      }),
    );
  });

  it('is read up to a hundred levels', () => {
    expect(read(nested(100))).to.deep.equal(JSON.parse(nested(100)));
    expect(read(nested(102))).to.equal(undefined);
  });

  it('has no level within a string, whatever stands in it', () => {
    for (const text of ['['.repeat(200), `\\"${'{'.repeat(200)}`, `\\\\`, `\\\\\\"${'['.repeat(200)}`])
      expect(read(`["${text}"]`)).to.deep.equal(JSON.parse(`["${text}"]`));
    expect(read(`["\\\\", ${nested(200)}]`)).to.equal(undefined);
  });

  it('is looked through once: a megabyte that is no JSON costs no more', () => {
    const began = performance.now();
    for (const text of ['"\\'.repeat(500_000), '"'.repeat(1_000_001), '[{'.repeat(500_000)])
      expect(read(text)).to.equal(undefined);
    expect(performance.now() - began).to.be.lessThan(2_000);
  });
});

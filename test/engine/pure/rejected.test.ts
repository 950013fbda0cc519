import { expect } from 'chai';
import { isRejected } from '../../../src/engine/batch.ts';

describe('a record that can’t be read', () => {
  const rejected = new Set(['/agenda/series.ics', 'pla-7']);

  it('protects its own row, and the instances that are named after it', () => {
    expect(isRejected('pla-7', rejected)).to.equal(true);
    expect(isRejected('/agenda/series.ics', rejected)).to.equal(true);
    expect(isRejected('/agenda/series.ics#2026-12-01T14:00:00.000Z', rejected)).to.equal(true);
  });

  it('protects nothing else', () => {
    expect(isRejected('pla-70', rejected)).to.equal(false);
    expect(isRejected('/agenda/series.ics2', rejected)).to.equal(false);
    expect(isRejected('#', rejected)).to.equal(false);
    expect(isRejected('', rejected)).to.equal(false);
  });
});

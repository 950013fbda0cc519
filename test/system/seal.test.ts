import { expect } from 'chai';
import { createSeal } from '../../src/system/seal.ts';

/** Made up. */
const NAM = 'FICA01010112';
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('the seal', () => {
  const seal = createSeal(Buffer.alloc(32, 1));
  const other = createSeal(Buffer.alloc(32, 2));

  it('opens what it closed, and not what another closed or somebody changed', () => {
    const sealed = seal.closeText('qui vient');
    expect(seal.openText(sealed)).to.equal('qui vient');
    expect(() => other.openText(sealed)).to.throw();
    const changed = Uint8Array.from(sealed, (byte, index) => (index === sealed.length - 1 ? byte ^ 1 : byte));
    expect(() => seal.openText(changed)).to.throw();
  });

  it('hashes one number to one value, by its own key', () => {
    expect(hex(seal.hash(NAM))).to.equal(hex(createSeal(Buffer.alloc(32, 1)).hash(NAM)));
    expect(hex(seal.hash(NAM))).to.match(/^[0-9a-f]{64}$/);
    expect(hex(seal.hash(NAM))).not.to.equal(hex(other.hash(NAM)));
    expect(hex(seal.hash(NAM))).not.to.equal(hex(seal.hash('FICA01010113')));
  });
});

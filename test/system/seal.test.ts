import { createCipheriv, createHmac, hkdfSync } from 'node:crypto';
import { expect } from 'chai';
import { createSeal, type KeyRing, prefixOf, Unopenable } from '../../src/system/seal.ts';
import { fakeRing, fakeSeal } from '../support/fake-ring.ts';

/** Made up. */
const NAM = 'FICA01010113';
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('the seal', () => {
  const seal = fakeSeal(1);
  const other = fakeSeal(2);

  it('opens what it closed, and not what another closed', () => {
    const sealed = seal.closeText('qui vient', 'booking');
    expect(seal.openText(sealed, 'booking')).to.equal('qui vient');
    expect(() => other.openText(sealed, 'booking')).to.throw(
      Unopenable,
      'changed, or sealed as something else',
    );
  });

  it('never opens what somebody changed, wherever, or cut short', () => {
    const sealed = seal.closeText('qui vient', 'booking');
    for (let place = 0; place < sealed.length; place += 1) {
      const changed = Uint8Array.from(sealed, (byte, index) => (index === place ? byte ^ 1 : byte));
      expect(() => seal.openText(changed, 'booking'), `byte ${place}`).to.throw(Unopenable);
      expect(() => seal.openText(sealed.subarray(0, place), 'booking'), `${place} bytes`).to.throw(
        Unopenable,
      );
    }
  });

  it('opens nothing as what it was not sealed as', () => {
    const sealed = seal.closeText('un secret', 'subscription');
    for (const as of ['booking', 'patient', 'rejected'] as const)
      expect(() => seal.openText(sealed, as)).to.throw(Unopenable);
  });

  it('seals one text differently each time, and names its key', () => {
    const [one, two] = [seal.closeText('qui vient', 'patient'), seal.closeText('qui vient', 'patient')];
    expect(hex(one)).not.to.equal(hex(two));
    for (const each of [one, two]) expect(hex(each.subarray(0, 8))).to.equal(hex(prefixOf(1)));
    expect(hex(prefixOf(258))).to.equal('5053520100000102');
  });

  it('tells of what it cannot open, without what is in it', () => {
    const told: Unopenable[] = [];
    const deaf = createSeal({ ...fakeRing(1), find: () => null }, (trouble) => told.push(trouble));
    const sealed = seal.closeText('qui vient', 'rejected');
    expect(() => deaf.openText(sealed, 'rejected')).to.throw();
    expect(told.map(({ message }) => message)).to.deep.equal([
      'a sealed value (rejected) cannot be opened: unknown key',
    ]);
  });

  it('hashes one number to one value, by its own key', () => {
    expect(hex(seal.hash(NAM))).to.equal(hex(fakeSeal(1).hash(NAM)));
    expect(hex(seal.hash(NAM))).to.match(/^00000002[0-9a-f]{64}$/);
    expect(hex(seal.hash(NAM))).not.to.equal(hex(other.hash(NAM)));
    expect(hex(seal.hash(NAM))).not.to.equal(hex(seal.hash('FICA01010124')));
  });

  describe('of before there were data keys', () => {
    const bytes = Buffer.alloc(32, 9);
    const ring: KeyRing = { ...fakeRing(1), legacy: () => bytes };
    /** As it was done then: nonce, tag, ciphertext. */
    const sealedThen = (text: string): Buffer => {
      const cipher = createCipheriv('aes-256-gcm', bytes, Buffer.alloc(12, 4));
      const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
      return Buffer.concat([Buffer.alloc(12, 4), cipher.getAuthTag(), sealed]);
    };

    it('still opens, whatever it is of', () => {
      expect(createSeal(ring).openText(sealedThen('qui vient'), 'patient')).to.equal('qui vient');
      expect(() => seal.openText(sealedThen('qui vient'), 'patient')).to.throw('unknown key');
    });

    it('is looked for by its hash of then as well', () => {
      const label = 'passerelle: patient by health insurance number';
      const then = createHmac('sha256', Buffer.from(hkdfSync('sha256', bytes, '', label, 32)));
      const expected = then.update(`nam\n${NAM}`).digest('hex');
      const hashes = createSeal(ring).hashes(NAM).map(hex);
      expect(hashes).to.deep.equal([hex(seal.hash(NAM)), expected]);
      expect(seal.hashes(NAM).map(hex)).to.deep.equal([hex(seal.hash(NAM))]);
    });
  });
});

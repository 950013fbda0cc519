import { createSeal, type KeyRing } from '../../src/system/seal.ts';

/** A ring of one data key and one hash key, both of this byte. Made up. */
export const fakeRing = (byte: number): KeyRing => {
  const bytes = Buffer.alloc(32, byte);
  return {
    current: () => ({ id: 1, bytes }),
    find: (id) => (id === 1 ? bytes : null),
    hashKeys: () => [{ id: 2, bytes }],
    legacy: () => null,
  };
};

export const fakeSeal = (byte = 0) => createSeal(fakeRing(byte));

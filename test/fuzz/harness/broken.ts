import fc from 'fast-check';
import { outcomeOf, type Target } from './target.ts';

/** Parsers that are wrong on purpose, each in a way that must be found. */

class Foreseen extends Error {
  override readonly name = 'Foreseen';
}

const text = fc.string({ maxLength: 30 });
const parser = (name: string, parse: (input: string) => unknown, inputs = text): Target<string> => ({
  name,
  open: async () => ({ inputs, run: (input) => outcomeOf(() => parse(input), [Foreseen]) }),
});

const kept: Buffer[] = [];
const LEAK_BYTES = 1024 * 1024;
/** What a catastrophic regular expression is: it doubles with each letter. */
const BACKTRACKING = /^(a+)+$/;

export const BROKEN: readonly Target[] = [
  parser('sound', (input) => {
    if (input.length > 9) throw new Foreseen();
  }),
  parser('crashes', (input) => {
    if (input.includes('x')) throw new TypeError('of some x');
  }),
  parser('hangs', (input) => BACKTRACKING.test(`${'a'.repeat(60)}${input}!`)),
  parser('fills the memory', () => {
    const all: number[][] = [];
    for (;;) all.push(new Array<number>(1_000_000).fill(0.5));
  }),
  parser('leaks', (input) => kept.push(Buffer.alloc(LEAK_BYTES, input || 'x'))),
  parser('pollutes', (input) => Object.assign(Object.getPrototypeOf({}), { [`__${input.length}`]: 1 })),
  parser('throws later', () => {
    setImmediate(() => {
      throw new Error('when nobody listens any more');
    });
  }),
];

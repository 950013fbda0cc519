import fc from 'fast-check';
import { HOSTILE_TEXTS } from './hostile.ts';

/** Texts that somebody spoilt: samples, with characters flipped, parts cut, repeated and moved, and others put in. */

const CHARACTERS_MAX = 200_000;
const REPEATS_MAX = 2_000;

/** Places are shares of the length, so that a step means the same after those before it were left out. */
const place = fc.integer({ min: 0, max: 10_000 });

type Step = {
  readonly what: (typeof KINDS)[number];
  readonly from: number;
  readonly length: number;
  readonly times: number;
  readonly word: string;
  readonly other: string;
};
const KINDS = [
  ...['flip', 'cut', 'repeat', 'insert', 'replace', 'splice', 'tail', 'swap', 'line', 'end'],
] as const;

const stepOf = (samples: readonly string[], words: readonly string[]): fc.Arbitrary<Step> =>
  fc.record({
    what: fc.constantFrom(...KINDS),
    from: place,
    length: fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 1, max: 12 }) },
      fc.integer({ min: 1, max: 400 }),
    ),
    times: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 1, max: 4 }) },
      fc.integer({ min: 5, max: REPEATS_MAX }),
    ),
    word: fc.oneof(
      fc.constantFrom(...HOSTILE_TEXTS),
      ...(words.length > 0 ? [fc.constantFrom(...words)] : []),
    ),
    other: fc.constantFrom(...samples),
  });

function changed(text: string, { what, from, length, times, word, other }: Step): string {
  const at = Math.floor((from / 10_000) * text.length);
  const [before, part, after] = [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)];
  switch (what) {
    case 'flip':
      return (
        before + String.fromCharCode((text.charCodeAt(at) || 0) ^ (1 << (length % 16))) + text.slice(at + 1)
      );
    case 'cut':
      return before + after;
    case 'repeat':
      return before + part.repeat(times) + after;
    case 'insert':
      return before + word + text.slice(at);
    case 'replace':
      return before + word + after;
    case 'splice':
      return before + other.slice(Math.floor((from / 10_000) * other.length));
    case 'tail':
      return text + other;
    case 'swap':
      return before + after.slice(0, length) + part + after.slice(length);
    case 'line':
      return lineRepeated(text, at, times);
    default:
      return before;
  }
}

function lineRepeated(text: string, at: number, times: number): string {
  const start = text.lastIndexOf('\n', at) + 1;
  const found = text.indexOf('\n', at);
  const end = found < 0 ? text.length : found + 1;
  return text.slice(0, start) + text.slice(start, end).repeat(times) + text.slice(end);
}

/** @param words of the language of the text, beside those that are hostile to all of them. */
export const spoiltText = (samples: readonly string[], words: readonly string[] = []): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...samples), fc.array(stepOf(samples, words), { maxLength: 5 }))
    .map(([sample, steps]) =>
      steps.reduce((text, step) => changed(text, step).slice(0, CHARACTERS_MAX), sample),
    );

/** A short text: something hostile, one of these words, or anything at all. */
export const anyText = (words: readonly string[] = []): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...HOSTILE_TEXTS, ...words),
    fc.string({ unit: 'binary', maxLength: 20 }),
    ...(words.length > 0 ? [spoiltText(words)] : []),
  );

const UNRESERVED = /[A-Za-z0-9\-._~]/;

/** For an address (RFC 3986, section 2.1); also half a pair, which encodeURIComponent refuses. */
export const percentEncoded = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return UNRESERVED.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');

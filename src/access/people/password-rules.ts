/**
 * What a password must be (NIST SP 800-63B, 5.1.1.2; OWASP ASVS 4, V2.1): long, and none that is guessed first. Nothing is
 * demanded of its letters.
 */

export const PASSWORD_LENGTH_MIN = 12;
/** For argon2 any length is alike; this one only bounds what is read. */
export const PASSWORD_LENGTH_MAX = 256;
/** Fewer different characters than this are a pattern. */
const DIFFERENT_MIN = 5;
/** So much of it has to be left beside what everybody knows of the person or the place. */
const OWN_MIN = 8;
/** A shorter word is in many passwords by chance. */
const WORD_MIN = 4;

export type PasswordProblem = 'too-short' | 'too-long' | 'pattern' | 'personal' | 'common';

/**
 * @param words that who guesses knows: of its login, its name, the clinic.
 * @param isCommon whether a password in lower case is among those that are guessed first.
 * @returns null = it serves.
 */
export function passwordProblem(
  password: string,
  words: readonly string[],
  isCommon: (text: string) => boolean,
): PasswordProblem | null {
  const text = password.normalize('NFKC').toLowerCase();
  const characters = [...text];
  if (characters.length < PASSWORD_LENGTH_MIN) return 'too-short';
  if (characters.length > PASSWORD_LENGTH_MAX) return 'too-long';
  if (new Set(characters).size < DIFFERENT_MIN || isSequence(characters)) return 'pattern';
  const own = words
    .flatMap((each) => each.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    .filter((word) => word.length >= WORD_MIN)
    .reduce((rest, word) => rest.replaceAll(word, ''), text);
  if (own.length < text.length && [...own].length < OWN_MIN) return 'personal';
  return [text, withoutEnds(text), half(text)].some((each) => each.length >= WORD_MIN && isCommon(each))
    ? 'common'
    : null;
}

/** «password2026!» is «password». */
const withoutEnds = (text: string): string => text.replace(/^\P{L}+|(?<!\P{L})\P{L}+$/gu, '');

/** «secret1secret1» is «secret1». */
function half(text: string): string {
  const first = text.slice(0, text.length / 2);
  return first + first === text ? first : '';
}

/** Each is the neighbour of the one before, up or down: 123456789012, abcdefghijkl. */
function isSequence(characters: readonly string[]): boolean {
  const steps = characters.slice(1).map((each, index) => {
    const step = (each.codePointAt(0) ?? 0) - (characters[index]?.codePointAt(0) ?? 0);
    // After 9 comes 0.
    return Math.abs(step) === 9 ? -Math.sign(step) : step;
  });
  return steps.every((step) => step === 1) || steps.every((step) => step === -1);
}

/** Names of people, as platforms and clinics write them: two texts for one person are seldom the same. */

/** A name as it is configured, made ready to be compared with many. */
export type Name = {
  readonly families: readonly string[];
  readonly givens: readonly string[];
  /** Written as one word, in either order. */
  readonly joined: readonly [string, string];
  /** The same words in any order have the same. */
  readonly sorted: string;
};

/** What somebody wrote, without titles. */
export type Spoken = {
  readonly tokens: readonly string[];
  readonly joined: string;
  readonly sorted: string;
};

/** Before or after a name; none of them is a part of one. */
const TITLES = new Set(
  'dr dre drs docteur docteure doctor md mdcm frcpc cmfc ccmf ips ipspl inf infirmiere infirmier pharmacien pharmacienne mme mlle mr madame monsieur prof'.split(
    ' ',
  ),
);

/** Two that differ by a letter are one with a slip of the pen, unless they are so short that they are another name. */
const LETTERS_MIN = 8;

/** In small letters without accents, ligatures and punctuation; Saint and Sainte as they are shortened. */
export const folded = (text: string): string => tokensOf(text).join(' ');

function tokensOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae')
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll('đ', 'd')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((token) => token !== '')
    .map((token) => SHORTENED.get(token) ?? token);
}

const SHORTENED = new Map([
  ['saint', 'st'],
  ['sainte', 'ste'],
]);

export function nameOf({ family, given }: { readonly family: string; readonly given: string }): Name {
  const [families, givens] = [tokensOf(family), tokensOf(given)];
  const joined = [[...families, ...givens].join(''), [...givens, ...families].join('')] as const;
  return { families, givens, joined, sorted: sortedOf([...families, ...givens]) };
}

export function spoken(text: string): Spoken {
  const tokens = tokensOf(text).filter((token) => !TITLES.has(token));
  return { tokens, joined: tokens.join(''), sorted: sortedOf(tokens) };
}

/**
 * `name`: the same names in either order, but for accents, case, hyphens and titles. `similar`: initials in place of given names, one
 * part of a compound name, other words around it, the family name alone, or one letter that differs. Null = somebody else, as
 * far as can be seen.
 */
export function likeness(
  { tokens, joined: said, sorted }: Spoken,
  { families, givens, joined, sorted: whole }: Name,
): 'name' | 'similar' | null {
  if (tokens.length === 0 || families.length === 0) return null;
  if (sorted === whole || joined.includes(said)) return 'name';
  if (joined.some((each) => isOneApart(said, each))) return 'similar';
  return isPartOf(tokens, families, givens) ? 'similar' : null;
}

const sortedOf = (tokens: readonly string[]): string => [...tokens].sort().join(' ');

/** The family name, or one part of it with the whole given name, and nothing that speaks against the given name. */
function isPartOf(
  tokens: readonly string[],
  families: readonly string[],
  givens: readonly string[],
): boolean {
  const has = (token: string): boolean => tokens.includes(token);
  // Most are somebody else, which is to be seen at once: each of many calendars is compared with everybody.
  if (!families.some(has)) return false;
  const rest = tokens.filter((token) => !families.includes(token));
  if (families.every(has)) {
    const isWhole = givens.length > 0 && givens.every(has);
    // Other words around the whole name are of its place, or of what is done there.
    return isWhole || rest.length === 0 || areGiven(rest, givens);
  }
  return families.some((token) => token.length > 2 && has(token)) && sortedOf(rest) === sortedOf(givens);
}

/** Some of the given names, or their initials, in order: `J.-F.`, `JF`, `Jean-F.`, `Jean`. */
function areGiven(rest: readonly string[], givens: readonly string[]): boolean {
  const [only] = rest;
  if (rest.length === 1 && only === givens.map((token) => token.charAt(0)).join('')) return true;
  let from = 0;
  return rest.every((token) => {
    const at = givens.findIndex(
      (each, index) => index >= from && (each === token || each.charAt(0) === token),
    );
    from = at + 1;
    return at >= 0;
  });
}

/** One letter that is another, is missing, is too many, or two that changed places. */
function isOneApart(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < LETTERS_MIN || Math.abs(a.length - b.length) > 1 || a === b)
    return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  const [restA, restB] = [a.slice(at), b.slice(at)];
  const isSwapped = restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
  return (
    isSwapped || restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1)
  );
}

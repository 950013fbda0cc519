import { fold } from './fold.ts';

/** The labelled lines of a text: `Médecin : …`, or a label and its value on the line below it, as tables come out. */

const LINES_MAX = 2_000;
const LINE_CHARACTERS_MAX = 1_000;
/** What surrounds a label or a value in a plain text, and means nothing. */
const DECORATION = new Set([...'*_#•·|>-–—: ']);

export type Labelled<Name extends string> = {
  readonly values: ReadonlyMap<Name, string>;
  /** Fields that are there twice and differ: what a patient wrote may look like a label. */
  readonly ambiguous: readonly Name[];
};

/** @param labels by their folded form, as `labelsOf` makes it. */
export function labelledIn<Name extends string>(
  text: string,
  labels: ReadonlyMap<string, Name>,
): Labelled<Name> {
  const values = new Map<Name, string>();
  const ambiguous = new Set<Name>();
  let waiting: Name | null = null;
  for (const raw of text.split('\n', LINES_MAX)) {
    const line = bare(raw.slice(0, LINE_CHARACTERS_MAX));
    // What is cited was said before.
    if (line === '' || raw.trimStart().startsWith('>')) continue;
    const colon = line.indexOf(':');
    const name = labels.get(fold(bare(colon < 0 ? line : line.slice(0, colon)))) ?? null;
    const value: string =
      name === null ? (waiting === null ? '' : line) : bare(colon < 0 ? '' : line.slice(colon + 1));
    const field: Name | null = name ?? waiting;
    waiting = name !== null && value === '' ? name : null;
    if (field === null || value === '') continue;
    const before = values.get(field);
    if (before !== undefined && fold(before) !== fold(value)) ambiguous.add(field);
    else values.set(field, value);
  }
  return { values, ambiguous: [...ambiguous] };
}

export const labelsOf = <Name extends string>(
  fields: Readonly<Partial<Record<Name, readonly string[] | undefined>>>,
): ReadonlyMap<string, Name> =>
  new Map(
    (Object.entries(fields) as [Name, readonly string[] | undefined][]).flatMap(([name, words]) =>
      (words ?? []).map((word): [string, Name] => [fold(bare(word)), name]),
    ),
  );

function bare(text: string): string {
  let [start, end] = [0, text.length];
  const isNothing = (at: number): boolean => {
    const character = text[at] ?? '';
    return DECORATION.has(character) || character.trim() === '';
  };
  while (start < end && isNothing(start)) start += 1;
  while (end > start && isNothing(end - 1)) end -= 1;
  return text.slice(start, end);
}

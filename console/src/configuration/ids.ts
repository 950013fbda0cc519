/** Ids that are made of what people call things: letters without accents, digits and hyphens (FHIR R4, `id`: 64 at the most). Pure. */

const LENGTH_MAX = 56;

export const slugOf = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, LENGTH_MAX)
    .replace(/-+$/, '');

/** @param other where nothing of the text can be part of an id. */
export function freeId(text: string, taken: readonly string[], other: string): string {
  const base = slugOf(text) || other;
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? base : `${base}-${number}`;
    if (!taken.includes(id)) return id;
  }
}

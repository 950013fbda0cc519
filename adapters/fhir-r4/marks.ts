import { type Mark, markOf, subjectOf } from '../../src/adapter/observation.ts';

/** How our mark stands on a resource: as an identifier, whose system says what we made it for. */

const SYSTEMS = {
  block: 'urn:passerelle:block',
  hold: 'urn:passerelle:hold',
  appointment: 'urn:passerelle:booking',
} as const;
export type Purpose = keyof typeof SYSTEMS;

export type Identifier = { readonly system?: string | undefined; readonly value?: string | undefined };

export const identifierOf = (purpose: Purpose, mark: Mark): { system: string; value: string } => ({
  system: SYSTEMS[purpose],
  value: mark,
});

/** `system|value` of a search (R4, search.html#token). */
export const tokenOf = (purpose: Purpose, mark: Mark): string => `${SYSTEMS[purpose]}|${mark}`;

/** What of ours stands on it; null = nothing. */
export function ours(identifiers: readonly Identifier[]): { purpose: Purpose; mark: Mark } | null {
  for (const { system, value } of identifiers) {
    const purpose = purposeOf(system);
    const subject = subjectOf(value);
    if (purpose !== null && subject !== null) return { purpose, mark: markOf(subject) };
  }
  return null;
}

function purposeOf(system: string | undefined): Purpose | null {
  for (const purpose of ['block', 'hold', 'appointment'] as const)
    if (SYSTEMS[purpose] === system) return purpose;
  return null;
}

/** Those of others, as they came, and ours. */
export const withOurs = (
  identifiers: readonly Identifier[],
  purpose: Purpose,
  mark: Mark,
): readonly Identifier[] => [
  ...identifiers.filter(({ system }) => purposeOf(system) === null),
  identifierOf(purpose, mark),
];

import { folded, likeness, type Name, nameOf, type Spoken, spoken } from './person-names.ts';
import type { Identifier, Practitioner } from './schedule.ts';

/** Whose the calendars of a platform are, as far as that can be told from what the platform says of them. For a person to confirm. */

/** How sure a suggestion is, the surest first: the same licence number, the same name, or a name that is alike. */
export const SUGGESTED_BY = ['identifier', 'name', 'similar'] as const;
export type SuggestedBy = (typeof SUGGESTED_BY)[number];

export type Suggestion = {
  /** Null = the practitioner has none so far, or several of which none is more likely. */
  readonly schedule: string | null;
  readonly practitioner: string;
  readonly because: SuggestedBy;
};

/** What a platform says of a calendar. */
export type Described = {
  readonly id: string;
  readonly name: string | null;
  readonly practitionerName: string | null;
  readonly identifiers: readonly Identifier[];
  readonly location: string | null;
};

/** What there is to be linked to. */
export type Linkable = {
  readonly practitioners: readonly Practitioner[];
  readonly schedules: readonly {
    readonly id: string;
    readonly practitionerId: string;
    readonly locationName: string | null;
  }[];
};

type Named = { readonly practitioner: Practitioner; readonly name: Name };
type Match = { readonly calendar: Described; readonly practitioner: string; readonly because: SuggestedBy };

/**
 * By the id of the calendar. Nothing is suggested where several people are as likely as each other, nor for a second calendar of one
 * schedule: whoever has two calendars that are alike has to say which is which.
 * @param linked schedules by the ids of the calendars that are linked to them already: neither is suggested again.
 */
export function suggestLinks(
  calendars: readonly Described[],
  { practitioners, schedules }: Linkable,
  linked: ReadonlyMap<string, string>,
): ReadonlyMap<string, Suggestion> {
  const taken = new Set(linked.values());
  const named = practitioners.map((practitioner) => ({ practitioner, name: nameOf(practitioner) }));
  const matches = calendars
    .filter(({ id }) => !linked.has(id))
    .flatMap((calendar) => matchOf(calendar, named) ?? []);
  const suggestions = new Map<string, Suggestion>();
  for (const { id } of practitioners) {
    const all = schedules.filter(({ practitionerId }) => practitionerId === id);
    const own = matches.filter(({ practitioner }) => practitioner === id);
    for (const [calendar, suggestion] of spread(id, own, all, taken)) suggestions.set(calendar, suggestion);
  }
  return suggestions;
}

/** The one practitioner whose it most surely is; null = nobody's, or that of several. */
function matchOf(calendar: Described, practitioners: readonly Named[]): Match | null {
  const text = calendar.practitionerName ?? calendar.name;
  const said = text === null ? null : spoken(text);
  const found = practitioners.map(({ practitioner, name }) => ({
    id: practitioner.id,
    why: becauseOf(calendar, said, practitioner, name),
  }));
  for (const because of SUGGESTED_BY) {
    const [first, ...more] = found.filter(({ why }) => why === because);
    if (first === undefined) continue;
    return more.length > 0 ? null : { calendar, practitioner: first.id, because };
  }
  return null;
}

function becauseOf(
  { identifiers }: Described,
  said: Spoken | null,
  { identifiers: own }: Practitioner,
  name: Name,
): SuggestedBy | null {
  const sameSystem = own.flatMap((each) =>
    identifiers.filter(({ system }) => system === each.system).map(({ value }) => value === each.value),
  );
  if (sameSystem.includes(true)) return 'identifier';
  // Another licence is another person, whatever they are called.
  if (sameSystem.length > 0) return null;
  return said && likeness(said, name);
}

/** Deals the calendars of one practitioner to that one's schedules, the surest first. */
function spread(
  practitionerId: string,
  matches: readonly Match[],
  schedules: Linkable['schedules'],
  taken: ReadonlySet<string>,
): readonly (readonly [string, Suggestion])[] {
  const suggestions: [string, Suggestion][] = [];
  let left = schedules.filter(({ id }) => !taken.has(id));
  // Whoever has no schedule yet can be suggested once; whoever has, once for each that is not linked.
  let isOpen = schedules.length === 0 || left.length > 0;
  for (const because of SUGGESTED_BY) {
    const level = matches.filter((match) => match.because === because);
    if (!isOpen) break;
    if (level.length === 0) continue;
    const choices = level.map(({ calendar }) => ({ calendar, schedule: choiceOf(calendar, left) }));
    const chosen = choices.filter(({ schedule }, at) =>
      choices.every((other, place) => place === at || differs(other.schedule, schedule)),
    );
    for (const { calendar, schedule } of chosen) {
      suggestions.push([calendar.id, { schedule, practitioner: practitionerId, because }]);
      left = left.filter(({ id }) => id !== schedule);
    }
    // Where one of them is left open nothing that is less sure may come beside it.
    isOpen =
      left.length > 0 && chosen.length === level.length && chosen.every(({ schedule }) => schedule !== null);
  }
  return suggestions;
}

const differs = (a: string | null, b: string | null): boolean => a !== null && b !== null && a !== b;

/** The schedule at the place that the platform names, or the only one; null = none, or any of several. */
function choiceOf({ location }: Described, schedules: Linkable['schedules']): string | null {
  const there = schedules.filter(
    ({ locationName }) =>
      location !== null && locationName !== null && folded(location) === folded(locationName),
  );
  const [first, ...more] = there.length > 0 ? there : schedules;
  return first === undefined || more.length > 0 ? null : first.id;
}

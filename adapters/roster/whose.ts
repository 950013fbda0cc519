import type { RosterSettings } from './manifest.ts';

/** Which calendar a shift is of, by whom and where the roster says it is. Pure. */

export type Whose = (practitioner: string, place: string | null) => string;

/** People write them, so case and blanks do not count, and nothing else is guessed. */
const plain = (text: string): string => text.normalize('NFC').trim().replaceAll(/\s+/g, ' ').toLowerCase();

/**
 * @param calendars that are linked.
 * @returns a function that gives the name of no calendar where nobody is linked by these names: the roster's own, which is then
 *   reported as such.
 */
export function whose(calendars: readonly string[], settings: RosterSettings['calendars']): Whose {
  const byPerson = new Map<string, { readonly calendar: string; readonly place: string | null }[]>();
  for (const calendar of calendars) {
    const { practitioner = calendar, place } = settings[calendar] ?? {};
    const known = byPerson.get(plain(practitioner)) ?? [];
    byPerson.set(plain(practitioner), known);
    known.push({ calendar, place: place === undefined ? null : plain(place) });
  }
  return (practitioner, place) => {
    const known = byPerson.get(plain(practitioner)) ?? [];
    const there = known.find((each) => place !== null && each.place === plain(place));
    const anywhere = known.find((each) => each.place === null);
    const found = there ?? anywhere;
    if (found) return found.calendar;
    return place === null ? practitioner : `${practitioner} (${place})`;
  };
}

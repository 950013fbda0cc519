import type { Change } from './commands.ts';
import { freeId, slugOf } from './ids.ts';
import {
  type Calendar,
  type Clinic,
  type FoundCalendar,
  type Identifier,
  nameOf,
  type Practitioner,
  type Schedule,
  type Topology,
} from './model.ts';

/** Which calendar of a platform is whose, while somebody decides it, and what has to be written for that. Pure. */

/** Whose time it shows: a schedule that there is, the first one of a practitioner, or of a practitioner who is new. */
export type Whose =
  | { readonly kind: 'schedule'; readonly schedule: string }
  | { readonly kind: 'practitioner'; readonly practitioner: string }
  | { readonly kind: 'new'; readonly person: Person };

export type Person = { readonly prefix: string; readonly given: string; readonly family: string };

export type Because = NonNullable<FoundCalendar['suggestion']>['because'];

export type Link = {
  /** The platform's own id of the calendar. */
  readonly id: string;
  readonly name: string | null;
  readonly practitionerName: string | null;
  readonly place: string | null;
  readonly identifiers: readonly Identifier[];
  readonly because: Because | null;
  readonly isLinked: boolean;
  readonly whose: Whose;
  readonly topology: Topology;
};

/**
 * What the platform has, each with what is linked already or suggested, and what is linked though the platform does not tell of
 * it. What a person has decided before stays.
 */
export function linksOf(
  found: readonly FoundCalendar[],
  linked: readonly Calendar[],
  decided: readonly Link[],
  usual: Topology,
): readonly Link[] {
  const told = found.map((calendar) => linkOf(calendar, linked, usual));
  const others = linked.filter(({ id }) => !found.some((each) => each.id === id));
  const all = [...told, ...others.map((calendar) => bare(calendar.id, usual, calendar))];
  const kept = decided.filter(({ id }) => !all.some((each) => each.id === id));
  return [...all.map((link) => asDecided(link, decided)), ...kept];
}

/** What the platform calls it is learnt from the test, also of one that was linked before. */
function asDecided(link: Link, decided: readonly Link[]): Link {
  const { id, name, practitionerName, place, identifiers } = link;
  const mine = decided.find((each) => each.id === id);
  return mine ? { ...mine, name, practitionerName, place, identifiers } : link;
}

function linkOf(calendar: FoundCalendar, linked: readonly Calendar[], usual: Topology): Link {
  const { id, name, practitionerName, location, identifiers, suggestion } = calendar;
  const there = linked.find((each) => each.id === id);
  const about = { id, name, practitionerName, place: location, identifiers };
  if (there) return { ...bare(id, usual, there), ...about };
  return {
    ...about,
    because: suggestion?.because ?? null,
    isLinked: suggestion !== null,
    whose: suggested(suggestion) ?? { kind: 'new', person: personOf(practitionerName ?? name ?? '') },
    topology: usual,
  };
}

function suggested(suggestion: FoundCalendar['suggestion']): Whose | null {
  if (suggestion?.schedule) return { kind: 'schedule', schedule: suggestion.schedule };
  return suggestion?.practitioner ? { kind: 'practitioner', practitioner: suggestion.practitioner } : null;
}

/** Of which nothing is known but its id. */
export function bare(id: string, usual: Topology, there: Calendar | null): Link {
  return {
    id,
    name: null,
    practitionerName: null,
    place: null,
    identifiers: [],
    because: null,
    isLinked: true,
    whose: there ? { kind: 'schedule', schedule: there.schedule } : { kind: 'new', person: personOf('') },
    topology: there?.topology ?? usual,
  };
}

const PREFIX = /^(dr|dre|pr|pre|mme|m|mlle)\.?\s+/i;

/** As «Dre Camille Gagnon», or «Gagnon, Camille». */
export function personOf(text: string): Person {
  const [title = ''] = PREFIX.exec(text.trim()) ?? [];
  const name = text.trim().slice(title.length);
  const [last = '', first] = name.split(',').map((part) => part.trim());
  const prefix = title.trim().replace(/\.$/, '');
  if (first !== undefined) return { prefix, given: first, family: last };
  const words = name.split(/\s+/).filter(Boolean);
  return { prefix, given: words.slice(0, -1).join(' '), family: words.at(-1) ?? '' };
}

export const isNamed = ({ given, family }: Person): boolean => given.trim() !== '' && family.trim() !== '';

/** Where those work for whom a schedule is made, and for what. */
export type Where = { readonly location: string; readonly service: string };

/** Practitioners and schedules that are to be made first, and what stands under `calendars` then. */
export function written(
  links: readonly Link[],
  clinic: Clinic,
  where: Where | null,
): { readonly changes: readonly Change[]; readonly calendars: readonly Calendar[] } {
  const practitioners: Practitioner[] = [...clinic.practitioners];
  const schedules: Schedule[] = [...clinic.schedules];
  const changes: Change[] = [];

  function scheduleOf({ whose, identifiers }: Link): string {
    if (whose.kind === 'schedule') return whose.schedule;
    const practitioner =
      whose.kind === 'practitioner' ? whose.practitioner : personIn(whose.person, identifiers);
    const there = schedules.find((each) => each.practitioner === practitioner);
    if (there) return there.id;
    const id = freeId(practitioner, idsOf(schedules), 'horaire');
    const value = { id, practitioner, ...(where ?? { location: '', service: '' }) };
    schedules.push(value);
    changes.push({ edit: 'put', list: 'schedules', id, value });
    return id;
  }

  /** Two calendars of one new person are not two persons. */
  function personIn(person: Person, identifiers: readonly Identifier[]): string {
    const value = practitionerOf(person, identifiers, practitioners);
    const same = practitioners.find((each) => slugOf(nameOf(each)) === slugOf(nameOf(value)));
    if (same) return same.id;
    practitioners.push(value);
    changes.push({ edit: 'put', list: 'practitioners', id: value.id, value });
    return value.id;
  }

  const calendars = links
    .filter(({ isLinked }) => isLinked)
    .map((link) => ({ id: link.id, schedule: scheduleOf(link), topology: link.topology }));
  return { changes, calendars };
}

export function practitionerOf(
  { prefix, given, family }: Person,
  identifiers: readonly Identifier[],
  others: readonly Practitioner[],
): Practitioner {
  const names = { family: family.trim(), given: given.trim() };
  return {
    id: freeId(`${prefix} ${family}`, idsOf(others), 'medecin'),
    ...(prefix.trim() === '' ? {} : { prefix: prefix.trim() }),
    ...names,
    ...(identifiers.length === 0 ? {} : { identifiers: [...identifiers] }),
  };
}

const idsOf = (list: readonly { readonly id: string }[]): readonly string[] => list.map(({ id }) => id);

/** What Passerelle does on a calendar of this platform; the first is what it mostly is. */
export function topologiesOf(capabilities: readonly { readonly capability: string }[]): readonly Topology[] {
  const can = new Set(capabilities.map(({ capability }) => capability));
  if (can.has('shifts')) return ['shifts'];
  // Where nothing can be closed it is read alone, and has slots of its own all the same.
  if (!can.has('publish')) return ['block'];
  return can.has('block') ? ['block', 'publish'] : ['publish'];
}

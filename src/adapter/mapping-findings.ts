import { z } from 'zod';
import { APPOINTMENT_STATUS_SYSTEM, APPOINTMENT_STATUSES } from '../domain/appointment-status.ts';
import { SHIFT_TASK_SYSTEM, SHIFT_TASKS } from '../domain/shift.ts';
import { SLOT_STATUS_SYSTEM, SLOT_STATUSES } from '../domain/slot.ts';
import { type ConceptMap, conceptMapOf, isMapped } from './concept-map.ts';

/** What is wrong, missing or worth knowing in the ConceptMap of a platform, for whoever edits it. */

export type MapFindings = {
  readonly map: string;
  readonly mapped: number;
  /** Codes of the platform that are listed, and said to lead to nothing of ours. */
  readonly unmapped: readonly string[];
  /** The table does not say what it seems to. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
};

const CodeSystem = z.object({
  resourceType: z.literal('CodeSystem'),
  url: z.string(),
  concept: z.array(z.object({ code: z.string() })),
});

/** Our codes by the canonical address of their CodeSystem. @param resources those that are none are left out. */
export function ourCodes(resources: readonly unknown[]): ReadonlyMap<string, readonly string[]> {
  const systems = resources.flatMap((resource) => {
    const parsed = CodeSystem.safeParse(resource);
    return parsed.success ? [parsed.data] : [];
  });
  return new Map(systems.map(({ url, concept }) => [url, concept.map(({ code }) => code)]));
}

/** Codes to which platforms' are read and by which nothing is written, so that none needs to be reached. */
const READ = new Map<string, readonly string[]>([
  [APPOINTMENT_STATUS_SYSTEM, APPOINTMENT_STATUSES],
  // What is entered in error is there no more: no slot of ours has that status.
  [SLOT_STATUS_SYSTEM, [...SLOT_STATUSES, 'entered-in-error']],
  [SHIFT_TASK_SYSTEM, SHIFT_TASKS],
]);

/** @throws ConceptMapError when it is none that can be read. */
export function findingsOf(resource: unknown, ours: ReadonlyMap<string, readonly string[]>): MapFindings {
  const { id, group } = conceptMapOf(resource);
  const each = group.map((one) => {
    const read = READ.get(one.target);
    return read
      ? { ...groupFindings(one, read), notes: [] }
      : groupFindings(one, ours.get(one.target) ?? null);
  });
  return {
    map: id,
    mapped: each.reduce((sum, { mapped }) => sum + mapped, 0),
    unmapped: each.flatMap(({ unmapped }) => unmapped),
    problems: each.flatMap(({ problems }) => problems),
    notes: each.flatMap(({ notes }) => notes),
  };
}

type Group = ConceptMap['group'][number];
type Element = Group['element'][number];

const targetOf = ({ target }: Element): string | null =>
  target?.find(({ equivalence }) => isMapped(equivalence))?.code ?? null;

/** It leads to nothing, and says so. */
const isUnmatched = ({ target }: Element): boolean =>
  target?.some(({ equivalence }) => equivalence === 'unmatched' || equivalence === 'disjoint') ?? false;

/** @param codes of the system that it leads to; null = that is none that we know. */
function groupFindings(group: Group, codes: readonly string[] | null): Omit<MapFindings, 'map'> {
  if (!codes) {
    return {
      mapped: 0,
      unmapped: [],
      problems: [`${group.target} is no CodeSystem of Passerelle`],
      notes: [],
    };
  }
  const { element } = group;
  const mapped = element.flatMap((each) => {
    const target = targetOf(each);
    return target === null ? [] : [{ code: each.code, target }];
  });
  const reached = new Set(mapped.map(({ target }) => target));
  return {
    mapped: mapped.length,
    unmapped: element.filter((each) => targetOf(each) === null && isUnmatched(each)).map(({ code }) => code),
    problems: [
      ...repeated(element.map(({ code }) => code)).map((code) => `${code} is there twice: the last counts`),
      ...mapped
        .filter(({ target }) => !codes.includes(target))
        .map(({ code, target }) => `${code} leads to ${target}, which is no code of ${group.target}`),
      ...element
        .filter((each) => targetOf(each) === null && !isUnmatched(each))
        .map(({ code }) => `${code} leads to nothing: give it a target, or one of equivalence "unmatched"`),
    ],
    notes: [
      ...codes
        .filter((code) => !reached.has(code))
        .map((code) => `nothing leads to ${code}, so a slot of ours that has it is offered there without it`),
      ...repeated(mapped.map(({ target }) => target)).map(
        (target) =>
          `${mapped.flatMap((each) => (each.target === target ? [each.code] : [])).join(', ')} lead to ${target}: the first is written`,
      ),
    ],
  };
}

const repeated = (texts: readonly string[]): string[] => [
  ...new Set(texts.filter((text, index) => texts.indexOf(text) !== index)),
];

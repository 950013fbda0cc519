import type { ElementDefinition } from 'fhir/r4.js';

/** A snapshot from a base and a differential (R4, profiling.html, 5.1.0.1): what profiles here need of it. */

/** An element as a differential has it: what it changes. */
export type Change = Partial<ElementDefinition> & { readonly id: string };

/** The elements of a datatype, of a resource or, by its URL, of an extension; the first is the whole. */
export type ElementsOf = (typeOrUrl: string) => readonly ElementDefinition[];

/** @throws RangeError on a change of an element that is not there, and could not be. */
export function snapshotOf(
  base: readonly ElementDefinition[],
  differential: readonly Change[],
  elementsOf: ElementsOf,
): ElementDefinition[] {
  const elements = base.map((each) => structuredClone(each));
  for (const change of differential) {
    const element = elements[indexOf(elements, change.id, elementsOf)];
    if (element) apply(element, change);
    if (change.sliceName !== undefined) unfold(elements, change.id, elementsOf);
  }
  return elements;
}

/** Where the element is; it is put there if the base has it only by the name of a type, or not at all yet (a slice). */
function indexOf(elements: ElementDefinition[], id: string, elementsOf: ElementsOf): number {
  const found = elements.findIndex((each) => each.id === id);
  if (found >= 0) return found;
  const [, sliced] = /^(.*):[^.:]+$/.exec(id) ?? [];
  if (sliced !== undefined) return addSlice(elements, id, sliced);
  const parent = id.slice(0, id.lastIndexOf('.'));
  if (parent === '') throw new RangeError(`nothing can be said of ${id}`);
  indexOf(elements, parent, elementsOf);
  if (elements.some((each) => each.id?.startsWith(`${parent}.`))) throw new RangeError(`there is no ${id}`);
  unfold(elements, parent, elementsOf);
  return indexOf(elements, id, elementsOf);
}

/** Behind the slices that are there already; as the sliced element is, but for how often it must be there. */
function addSlice(elements: ElementDefinition[], id: string, sliced: string): number {
  const of = elements.find((each) => each.id === sliced);
  if (!of) throw new RangeError(`there is no ${sliced} to be sliced`);
  const { slicing: _, ...rest } = structuredClone(of);
  const last = elements.findLastIndex(
    (each) =>
      each.id === sliced ||
      (/^[.:]/.test(each.id?.slice(sliced.length) ?? '') && each.id?.startsWith(sliced)),
  );
  elements.splice(last + 1, 0, { ...rest, id, min: 0 });
  return last + 1;
}

/** Puts what an element's type is made of below it. */
function unfold(elements: ElementDefinition[], id: string, elementsOf: ElementsOf): void {
  const at = elements.findIndex((each) => each.id === id);
  const element = elements[at];
  const [type, ...others] = element?.type ?? [];
  if (!element || !type || others.length > 0) throw new RangeError(`${id} is not of one type`);
  const [whole, ...parts] = elementsOf(type.profile?.[0] ?? type.code);
  const length = whole?.path.length ?? 0;
  const below = parts.map((part) => ({
    ...structuredClone(part),
    id: id + (part.id ?? '').slice(length),
    path: element.path + part.path.slice(length),
  }));
  elements.splice(at + 1, 0, ...below);
}

/** Constraints are added to those of the base, everything else takes its place. */
function apply(element: ElementDefinition, change: Change): void {
  const constraint = [...(element.constraint ?? []), ...(change.constraint ?? [])];
  // Notes to the base's text, which the change says anew.
  if (change.definition !== undefined) delete element.comment;
  Object.assign(element, change, constraint.length === 0 ? {} : { constraint });
}

import type { Finding } from '../findings.ts';
import { isObject, type JsonObject } from './json.ts';
import { broken } from './words.ts';

/** What contained resources must be to the one that contains them: R4's dom-2 to dom-5, and ref-1. */

/** Ids of what is contained, by which it is referred to as `#id`. */
export const containedIds = (resource: JsonObject): ReadonlySet<unknown> =>
  new Set(containedIn(resource).map((each) => isObject(each) && each['id']));

/** ref-1. `#` alone is the resource that contains. @param ids of what is contained. */
export const isResolved = (reference: string, ids: ReadonlySet<unknown>): boolean =>
  !reference.startsWith('#') || reference === '#' || ids.has(reference.slice(1));

export function* containedFaults(resource: JsonObject, type: string): Generator<Finding, void, undefined> {
  const referred = new Set(localReferences(resource));
  for (const [index, each] of containedIn(resource).entries()) {
    if (!isObject(each)) continue;
    const at = `${type}.contained[${index}]`;
    const meta = isObject(each['meta']) ? each['meta'] : {};
    if (Object.hasOwn(each, 'contained')) {
      yield broken('dom-2', at, 'elle ne contient pas d’autres ressources', 'it contains no other resources');
    }
    if (!referred.has(`#${each['id']}`) && !new Set(localReferences(each)).has('#')) {
      yield broken('dom-3', at, 'rien n’y renvoie', 'nothing refers to it');
    }
    if (Object.hasOwn(meta, 'versionId') || Object.hasOwn(meta, 'lastUpdated')) {
      yield broken('dom-4', at, 'elle n’a pas de version à elle', 'it has no version of its own');
    }
    if (Object.hasOwn(meta, 'security')) {
      yield broken('dom-5', at, 'elle n’a pas d’étiquette de sécurité', 'it has no security label');
    }
  }
}

function containedIn({ contained }: JsonObject): readonly unknown[] {
  return Array.isArray(contained) ? contained : [];
}

/** Every `#id`, be it a reference or a canonical, however deep; without recursion, since nobody has looked how deep it is. */
function* localReferences(root: unknown): Generator<string, void, undefined> {
  const left: unknown[] = [root];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === 'string' && value.startsWith('#')) yield value;
    if (typeof value !== 'object' || value === null) continue;
    for (const each of Object.values(value)) left.push(each);
  }
}

import type { Finding } from '../findings.ts';
import type { R4Definitions } from './definitions.ts';
import { isObject, type JsonObject } from './json.ts';
import type { Shape } from './shape.ts';
import { DEPTH_MAX, FAULTS_MAX } from './structure.ts';
import { unknownElement } from './words.ts';

/**
 * Elements that R4 does not have, wherever they are: most are slips of the pen. Extensions are elements that it has. Nothing
 * else is looked at.
 */
export function unknownElements(resource: JsonObject, type: string, r4: R4Definitions): Finding[] {
  const found: Finding[] = [];
  const shape = r4.type(type);
  if (!shape) return found;
  for (const finding of inObject(resource, shape, { path: type, depth: 0, isResource: true }, r4)) {
    found.push(finding);
    if (found.length === FAULTS_MAX) break;
  }
  return found;
}

type Place = { readonly path: string; readonly depth: number; readonly isResource: boolean };

function* inObject(value: JsonObject, shape: Shape, at: Place, r4: R4Definitions): Generator<Finding> {
  const spellings = new Map(
    [...shape.values()].flatMap((element) =>
      element.spellings.map(({ key, type }) => [key, { element, type }] as const),
    ),
  );
  for (const [key, each] of Object.entries(value)) {
    if (at.isResource && key === 'resourceType') continue;
    // What extends a simple value stands beside it, under an underscore.
    const found = spellings.get(key) ?? spellings.get(key.replace(/^_/, ''));
    if (!found) {
      yield unknownElement(at.path, key);
      continue;
    }
    const parts = key.startsWith('_') ? r4.type('Element') : (found.element.parts?.() ?? r4.type(found.type));
    const items = Array.isArray(each) ? each.entries() : [[null, each] as const];
    for (const [index, item] of items) {
      if (!isObject(item) || at.depth >= DEPTH_MAX) continue;
      const path = `${at.path}.${found.element.name}${index === null ? '' : `[${index}]`}`;
      const isResource = found.type === 'Resource';
      const below = isResource ? typeOf(item, r4) : parts;
      if (below) yield* inObject(item, below, { path, depth: at.depth + 1, isResource }, r4);
    }
  }
}

/** Null = none of R4: whoever reads it says so. */
function typeOf({ resourceType }: JsonObject, r4: R4Definitions): Shape | null {
  return typeof resourceType === 'string' && r4.isResource(resourceType) ? r4.type(resourceType) : null;
}

import type { Finding } from '../findings.ts';
import { containedFaults, containedIds, isResolved } from './contained.ts';
import type { R4Definitions } from './definitions.ts';
import { INVARIANTS } from './invariants.ts';
import { isObject, type JsonObject } from './json.ts';
import { PRIMITIVES } from './primitives.ts';
import type { Codes, ElementShape, Shape } from './shape.ts';
import * as says from './words.ts';

/**
 * Whether a resource is valid R4, and conforms to a profile of ours: which elements it has, how often, of which types
 * and with which codes, and what they must be to each other. It is told nothing of this server.
 */

/** More than that are not told: whoever sent it has enough to do. */
export const FAULTS_MAX = 100;
/** Of elements in elements: no resource of R4 comes near it. */
export const DEPTH_MAX = 64;

type Faults = Generator<Finding, void, undefined>;

/** Where an element is: its FHIRPath, how many elements it is in, and what the whole resource contains. */
type Place = { readonly path: string; readonly depth: number; readonly ids: ReadonlySet<unknown> };

/**
 * @param resource of a type that R4 has. @param shape of that type, or of a profile of it.
 * @returns what is wrong, FAULTS_MAX at the most, and never with a value that it has.
 */
export function faultsOf(resource: JsonObject, shape: Shape, definitions: R4Definitions): Finding[] {
  const type = String(resource['resourceType']);
  const faults: Finding[] = [];
  for (const fault of resourceAndContained(resource, shape, type, definitions)) {
    faults.push(fault);
    if (faults.length === FAULTS_MAX) break;
  }
  return faults;
}

function* resourceAndContained(resource: JsonObject, shape: Shape, type: string, r4: R4Definitions): Faults {
  const at = { path: type, depth: 0, ids: containedIds(resource) };
  yield* objectFaults(resource, shape, type, at, r4);
  yield* containedFaults(resource, type);
}

/** @param type its datatype or resource type; of an element with parts of its own its path: `Timing.repeat`. */
function* objectFaults(value: unknown, shape: Shape, type: string, at: Place, r4: R4Definitions): Faults {
  if (!isObject(value)) return yield says.mustBeObject(at.path);
  if (at.depth > DEPTH_MAX) return yield says.tooDeep(at.path, DEPTH_MAX);
  const isResource = r4.isResource(type);
  const keys = Object.keys(value).filter((key) => !(isResource && key === 'resourceType'));
  if (!isResource && keys.every((key) => key === 'id')) yield says.empty(at.path);
  const known = new Set<string>();
  for (const element of shape.values()) {
    const path = `${at.path}.${element.name}`;
    const found = element.spellings.filter(
      ({ key }) => Object.hasOwn(value, key) || Object.hasOwn(value, `_${key}`),
    );
    for (const { key } of found) known.add(key).add(`_${key}`);
    const [spelling, ...others] = found;
    if (others.length > 0) yield says.severalTypes(path);
    if (spelling && element.name === 'modifierExtension') yield says.unknownModifier(path);
    if (spelling) yield* elementFaults(value, element, spelling, type, { ...at, path }, r4);
    else if (element.min > 0) yield says.missing(path);
  }
  for (const key of keys) {
    if (!known.has(key)) yield says.unknownElement(at.path, key);
  }
  const { reference } = value;
  if (type === 'Reference' && typeof reference === 'string' && !isResolved(reference, at.ids)) {
    yield says.broken(
      'ref-1',
      `${at.path}.reference`,
      'rien de tel n’est contenu',
      'nothing such is contained',
    );
  }
  for (const { holds, message, at: element } of INVARIANTS[type] ?? []) {
    if (holds(value)) continue;
    yield { code: 'invariant', message, expression: element ? `${at.path}.${element}` : at.path };
  }
}

type Spelling = ElementShape['spellings'][number];

function* elementFaults(
  parent: JsonObject,
  element: ElementShape,
  { key, type }: Spelling,
  parentType: string,
  at: Place,
  r4: R4Definitions,
): Faults {
  // In FHIR JSON what extends a simple value is beside it, under its name with an underscore.
  const [value, note] = [key, `_${key}`].map((each) =>
    Object.hasOwn(parent, each) ? parent[each] : undefined,
  );
  if (note !== undefined && !PRIMITIVES[type]) yield says.unknownElement(at.path, `_${key}`);
  const as = { type, own: element.parts && isBackbone(type) ? `${parentType}.${element.name}` : type };
  if (!element.isList) return yield* itemFaults([value, note], element, as, at, r4);
  if ([value, note].some((each) => each !== undefined && !Array.isArray(each))) {
    return yield says.mustBeList(at.path);
  }
  const [values = [], notes = []] = [value, note].map((each): readonly unknown[] =>
    Array.isArray(each) ? each : [],
  );
  const count = Math.max(values.length, notes.length);
  yield* countFaults(values, count, element, at);
  for (let index = 0; index < count; index += 1) {
    const place = { ...at, path: `${at.path}[${index}]` };
    // Null keeps the place of what there is on the other side only.
    const [one, other] = [values[index] ?? undefined, notes[index] ?? undefined];
    if (one === undefined && other === undefined) yield says.empty(place.path);
    else yield* itemFaults([one, other], element, as, place, r4);
  }
}

function* countFaults(values: readonly unknown[], count: number, element: ElementShape, at: Place): Faults {
  if (count === 0) yield says.emptyList(at.path);
  else if (count < element.min || count > element.max) yield says.howMany(at.path, element);
  for (const slice of element.slices) {
    const matching = values.filter((each) => isObject(each) && each['url'] === slice.url).length;
    if (matching < slice.min || matching > slice.max) {
      yield says.howMany(`${at.path}.where(url='${slice.url}')`, slice);
    }
  }
}

/** Its type, and the name of what it is made of, for its invariants. */
type As = { readonly type: string; readonly own: string };

/** @param note what extends a simple value, or stands in its place. */
function* itemFaults(
  [value, note]: readonly [value: unknown, note: unknown],
  element: ElementShape,
  { type, own }: As,
  at: Place,
  r4: R4Definitions,
): Faults {
  const below = { ...at, depth: at.depth + 1 };
  const extended = note === undefined ? null : r4.type('Element');
  if (extended) yield* objectFaults(note, extended, 'Element', below, r4);
  if (value === undefined) return;
  const { codes, fixed } = element;
  const primitive = PRIMITIVES[type];
  if (primitive) {
    if (!primitive.is(value)) yield says.mustBe(at.path, primitive.expected);
    else if (fixed !== null && value !== fixed) yield says.mustBe(at.path, { fr: fixed, en: fixed });
    else if (codes && !isAmong(codes, value)) yield says.notACode(at.path);
    return;
  }
  if (type === 'Resource') return yield* resourceFaults(value, below, r4);
  const shape = shapeOf(value, element, type, r4);
  if (shape) yield* objectFaults(value, shape, own, below, r4);
  if (codes && !hasCodeOf(codes, type, value)) yield says.notACode(at.path);
}

/** What a profile says of it, or an extension that is known here its own definition, or R4 its type. */
function shapeOf(value: unknown, element: ElementShape, type: string, r4: R4Definitions): Shape | null {
  const url = type === 'Extension' && isObject(value) ? value['url'] : undefined;
  if (typeof url === 'string') {
    const known = element.slices.find((slice) => slice.url === url)?.shape ?? r4.extension(url);
    if (known) return known;
  }
  return element.parts?.() ?? r4.type(type);
}

function* resourceFaults(value: unknown, at: Place, r4: R4Definitions): Faults {
  const type = isObject(value) ? String(value['resourceType']) : '';
  const shape = r4.isResource(type) ? r4.type(type) : null;
  if (shape) yield* objectFaults(value, shape, type, at, r4);
  else yield says.notAResource(at.path);
}

const isBackbone = (type: string): boolean => type === 'BackboneElement' || type === 'Element';

const isAmong = (codes: Codes, code: unknown): boolean =>
  typeof code === 'string' && [...codes.values()].some((list) => list.has(code));

/** Of a concept one of its codings must be of the value set (R4, terminologies.html, 4.1.5.1). */
function hasCodeOf(codes: Codes, type: string, value: unknown): boolean {
  if (!isObject(value)) return true;
  const codings = type === 'CodeableConcept' ? value['coding'] : [value];
  return (
    Array.isArray(codings) &&
    codings.some((each) => isObject(each) && codes.get(String(each['system']))?.has(String(each['code'])))
  );
}

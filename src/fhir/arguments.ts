import type { Bilingual } from '../domain/schedule.ts';
import type { OperationParameter } from './operation.ts';
import { type Issue, Refused } from './outcomes.ts';

/** A parameter that an operation is called with: its value, or its parts, and where it stands (FHIRPath). */
export type Argument = {
  /** Of the type that the table says, as far as its name in JSON tells. Of one with parts it is their list as it came. */
  readonly value: unknown;
  readonly parts: Arguments;
  readonly expression: string;
};
/** By name, in the order in which they came. */
export type Arguments = ReadonlyMap<string, readonly Argument[]>;

/**
 * What an operation is called with, by name: one value, or a list of them where the parameter may be repeated. Each has
 * the type that the table says, as far as its name in JSON tells; what is in it is for the operation to look at.
 * @param body R4 Parameters that nobody has checked; undefined = none.
 * @throws Refused with every parameter that is unknown, missing, too often there, or of another type.
 */
export function argumentsIn(
  parameters: readonly OperationParameter[],
  body: unknown,
): Readonly<Record<string, unknown>> {
  const given = argumentTree(parameters, body);
  return Object.fromEntries(
    parameters.flatMap(({ name, max }) => {
      const list = (given.get(name) ?? []).map(({ value }) => value);
      return list.length === 0 ? [] : [[name, max === 1 ? list[0] : list]];
    }),
  );
}

/** The same with all parts of parts, and where each of them stands. @throws Refused */
export function argumentTree(parameters: readonly OperationParameter[], body: unknown): Arguments {
  const issues: Issue[] = [];
  const taken = parameters.filter(({ use }) => use === 'in');
  const given = collect(taken, entriesOf(body), { list: 'Parameters.parameter', of: null }, issues);
  if (issues.length > 0) throw new Refused('invalid-parameter', issues);
  return given;
}

/** @param of the name of the parameter whose parts these are; null = none. */
type Place = { readonly list: string; readonly of: string | null };

/** @param issues is added to. */
function collect(
  parameters: readonly OperationParameter[],
  entries: readonly unknown[],
  { list, of }: Place,
  issues: Issue[],
): Arguments {
  const given = new Map<string, Argument[]>();
  for (const [index, entry] of entries.entries()) {
    const expression = `${list}[${index}]`;
    const parameter = parameters.find(({ name }) => name === fieldOf(entry, 'name'));
    if (!parameter) {
      issues.push({ diagnostics: unknown(parameters, of), expression });
      continue;
    }
    const value = valueIn(entry, parameter);
    if (value === undefined) {
      issues.push({ diagnostics: wrongType(parameter), expression });
      continue;
    }
    const place = { list: `${expression}.part`, of: parameter.name };
    const parts =
      'parts' in parameter && Array.isArray(value) ? collect(parameter.parts, value, place, issues) : NONE;
    const before = given.get(parameter.name);
    if (before) before.push({ value, parts, expression });
    else given.set(parameter.name, [{ value, parts, expression }]);
  }
  for (const parameter of parameters) {
    const count = entries.filter((entry) => fieldOf(entry, 'name') === parameter.name).length;
    const issue = miscounted(parameter, count);
    if (issue) issues.push({ ...issue, expression: `${list}.where(name='${parameter.name}')` });
  }
  return given;
}

const NONE: Arguments = new Map();

function miscounted({ name, min, max }: OperationParameter, count: number): Issue | null {
  if (count < min) {
    return { diagnostics: { fr: `${name} est nécessaire`, en: `${name} is needed` }, code: 'required' };
  }
  if (max === '*' || count <= max) return null;
  return { diagnostics: { fr: `${name} : ${max} au plus`, en: `${name}: ${max} at the most` } };
}

function unknown(parameters: readonly OperationParameter[], of: string | null): Bilingual {
  const known = parameters.map(({ name }) => name).join(', ') || '0';
  return of === null
    ? {
        fr: `pas un paramètre de cette opération; il y a ${known}`,
        en: `not a parameter of this operation; there are ${known}`,
      }
    : { fr: `pas une partie de ${of}; il y a ${known}`, en: `not a part of ${of}; there are ${known}` };
}

/** @throws Refused when the body is no Parameters. */
function entriesOf(body: unknown): readonly unknown[] {
  if (body === undefined) return [];
  if (fieldOf(body, 'resourceType') === 'Parameters') {
    const list = fieldOf(body, 'parameter') ?? [];
    if (Array.isArray(list)) return list;
  }
  throw new Refused('wrong-resource', {
    diagnostics: {
      fr: 'le corps doit être un Parameters, avec une liste nommée parameter',
      en: 'the body must be Parameters, with a list named parameter',
    },
    expression: 'Parameters',
  });
}

function valueIn(entry: unknown, parameter: OperationParameter): unknown {
  if ('parts' in parameter) {
    const parts = fieldOf(entry, 'part');
    return Array.isArray(parts) ? parts : undefined;
  }
  const { type } = parameter;
  const resource = fieldOf(entry, 'resource');
  if (resource !== undefined) {
    const isWanted = type === 'Resource' || fieldOf(resource, 'resourceType') === type;
    return isWanted ? resource : undefined;
  }
  return fieldOf(entry, `value${type.charAt(0).toUpperCase()}${type.slice(1)}`);
}

const wrongType = (parameter: OperationParameter): Bilingual =>
  'parts' in parameter
    ? { fr: 'doit être donné en parties (part)', en: 'must be given in parts (part)' }
    : { fr: `doit être de type ${parameter.type}`, en: `must be of type ${parameter.type}` };

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

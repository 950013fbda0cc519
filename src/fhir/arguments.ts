import type { Bilingual } from '../domain/schedule.ts';
import type { OperationParameter } from './operation.ts';
import { type Issue, Refused } from './outcomes.ts';

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
  const taken = parameters.filter(({ use }) => use === 'in');
  const values = new Map<string, unknown[]>(taken.map(({ name }) => [name, []]));
  const issues: Issue[] = [];
  for (const [index, entry] of entriesOf(body).entries()) {
    const expression = `Parameters.parameter[${index}]`;
    const parameter = taken.find(({ name }) => name === fieldOf(entry, 'name'));
    if (!parameter) {
      const known = taken.map(({ name }) => name).join(', ') || '0';
      const diagnostics = {
        fr: `pas un paramètre de cette opération; il y a ${known}`,
        en: `not a parameter of this operation; there are ${known}`,
      };
      issues.push({ diagnostics, expression });
      continue;
    }
    const value = valueIn(entry, parameter);
    if (value === undefined) issues.push({ diagnostics: wrongType(parameter), expression });
    else values.get(parameter.name)?.push(value);
  }
  for (const { name, min, max } of taken) {
    const count = values.get(name)?.length ?? 0;
    const expression = `Parameters.parameter.where(name='${name}')`;
    if (count < min) {
      const diagnostics = { fr: `${name} est nécessaire`, en: `${name} is needed` };
      issues.push({ diagnostics, expression, code: 'required' });
    }
    if (max !== '*' && count > max) {
      const diagnostics = { fr: `${name} : ${max} au plus`, en: `${name}: ${max} at the most` };
      issues.push({ diagnostics, expression });
    }
  }
  if (issues.length > 0) throw new Refused('invalid-parameter', issues);
  return Object.fromEntries(
    taken.flatMap(({ name, max }) => {
      const list = values.get(name) ?? [];
      return list.length === 0 ? [] : [[name, max === 1 ? list[0] : list]];
    }),
  );
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
  if ('parts' in parameter) return fieldOf(entry, 'part');
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

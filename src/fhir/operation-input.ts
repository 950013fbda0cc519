import type { OperationParameter } from './operation.ts';
import { Refused } from './outcomes.ts';
import { PRESENTATION } from './search.ts';

/**
 * What an operation is called with, as one Parameters (R4, operations.html, 3.2.0.2): simple parameters may be in the
 * query, and where one parameter is a Resource, that resource may be the whole body.
 * @param body undefined where there is none. What is neither Parameters nor such a resource is given back as it is, for
 * the operation to say what it takes.
 * @throws Refused on a parameter in the query that the operation does not have, or that cannot be written there.
 */
export function operationInput(
  parameters: readonly OperationParameter[],
  query: Iterable<readonly [string, string]>,
  body: unknown,
): unknown {
  const taken = parameters.filter(({ use }) => use === 'in');
  const simple = [...query]
    .filter(([name]) => !PRESENTATION.has(name))
    .map(([name, value]) => fromQuery(taken, name, value));
  const sent = listIn(taken, body);
  if (sent === null || (simple.length === 0 && sent.length === 0)) return body;
  return { resourceType: 'Parameters', parameter: [...simple, ...sent] };
}

/** Null where the body is nothing that parameters could be added to. */
function listIn(taken: readonly OperationParameter[], body: unknown): readonly unknown[] | null {
  if (body === undefined) return [];
  if (typeof body !== 'object' || body === null || !('resourceType' in body)) return null;
  if (body.resourceType === 'Parameters') {
    const list = 'parameter' in body ? body.parameter : [];
    return Array.isArray(list) ? list : null;
  }
  const whole = taken.find((each) => 'type' in each && each.type === 'Resource');
  return whole ? [{ name: whole.name, resource: body }] : null;
}

function fromQuery(taken: readonly OperationParameter[], name: string, value: string): object {
  const expression = `http.${name.slice(0, 64)}`;
  const parameter = taken.find((each) => each.name === name);
  if (!parameter) {
    const known = taken.map((each) => each.name).join(', ') || '0';
    const shown = name.slice(0, 64);
    const diagnostics = {
      fr: `${shown} : pas un paramètre de cette opération; il y a ${known}`,
      en: `${shown}: not a parameter of this operation; there are ${known}`,
    };
    throw new Refused('unknown-parameter', { diagnostics, expression });
  }
  const type = 'type' in parameter ? parameter.type : '';
  // The names of simple types begin with a small letter (R4, datatypes.html).
  if (!/^[a-z]/.test(type)) {
    const diagnostics = {
      fr: `${name} : ne s’écrit pas dans une adresse; envoyez-le dans Parameters, par POST`,
      en: `${name}: cannot be written in a query; send it in Parameters, by POST`,
    };
    throw new Refused('invalid-parameter', { diagnostics, expression });
  }
  const read = simpleValue(type, value);
  if (read === null) {
    const diagnostics = { fr: `${name} : doit être de type ${type}`, en: `${name}: must be of type ${type}` };
    throw new Refused('invalid-parameter', { diagnostics, expression });
  }
  return { name, [`value${type.charAt(0).toUpperCase()}${type.slice(1)}`]: read };
}

const NUMBERS = new Set(['integer', 'positiveInt', 'unsignedInt', 'decimal']);

function simpleValue(type: string, text: string): string | number | boolean | null {
  if (type === 'boolean') return text === 'true' || (text === 'false' ? false : null);
  if (NUMBERS.has(type)) return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : null;
  return text === '' ? null : text;
}

import type { Variables } from './environment.ts';
import type { Explanation } from './explain.ts';
import type { Path } from './problems.ts';
import { isMapping } from './raw.ts';

export type Resolved = { readonly value: unknown; readonly missing: readonly Explanation[] };

/**
 * Puts the environment's text in the place of every `{ env: NAME }`, however deep. A variable that is not set, or
 * empty, is reported and leaves nothing in its place: a secret is never guessed.
 */
export function resolveSecrets(value: unknown, variables: Variables, path: Path): Resolved {
  const missing: Explanation[] = [];
  const resolve = (node: unknown, here: Path): unknown => {
    if (Array.isArray(node)) return node.map((item: unknown, index) => resolve(item, [...here, index]));
    if (!isMapping(node)) return node;
    const name = variableName(node);
    if (name === null) {
      return Object.fromEntries(
        Object.entries(node).map(([key, item]) => [key, resolve(item, [...here, key])]),
      );
    }
    const found = variables[name];
    if (found !== undefined && found !== '') return found;
    missing.push({
      path: here,
      at: 'value',
      message: `the environment variable ${name} is not set: set it where Passerelle is started`,
    });
    return undefined;
  };
  return { value: resolve(value, path), missing };
}

function variableName(node: Readonly<Record<string, unknown>>): string | null {
  const keys = Object.keys(node);
  return keys.length === 1 && typeof node['env'] === 'string' ? node['env'] : null;
}

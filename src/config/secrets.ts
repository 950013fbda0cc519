import type { Explanation } from './explain.ts';
import { follow, type Outside, referenceIn } from './outside.ts';
import type { Path } from './problems.ts';
import { isMapping } from './raw.ts';

export type Resolved = { readonly value: unknown; readonly missing: readonly Explanation[] };

/**
 * Puts the text in the place of every `{ env: NAME }` and `{ file: NAME }`, however deep. What is not there, or empty, is
 * reported and leaves nothing in its place: a secret is never guessed.
 */
export function resolveSecrets(value: unknown, outside: Outside, path: Path): Resolved {
  const missing: Explanation[] = [];
  const resolve = (node: unknown, here: Path): unknown => {
    if (Array.isArray(node)) return node.map((item: unknown, index) => resolve(item, [...here, index]));
    if (!isMapping(node)) return node;
    const reference = referenceIn(node);
    if (reference === null) {
      return Object.fromEntries(
        Object.entries(node).map(([key, item]) => [key, resolve(item, [...here, key])]),
      );
    }
    const found = follow(reference, outside);
    if ('text' in found) return found.text;
    missing.push({ path: here, at: 'value', message: found.problem, french: found.french });
    return undefined;
  };
  return { value: resolve(value, path), missing };
}

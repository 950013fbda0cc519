import { isDeepStrictEqual } from 'node:util';
import { type Reference, referenceIn } from '../outside.ts';
import { formatPath, type Path } from '../problems.ts';
import { isMapping } from '../raw.ts';
import { alternatives, alternativesAt, type JsonSchema } from '../schema-node.ts';
import type { Entry } from './edit.ts';

/**
 * The settings of a connection as they are handed out and taken back: of a secret only where it is. A text that stands in
 * the file itself is `{ hidden: <its place> }`.
 */

/** What is called so is a secret, whether the author of the adapter thought of marking it or not. */
const NAMED_SO = /(secret|password|passphrase|token|api_?key|private_?key)$/i;

const isSecret = (nodes: readonly JsonSchema[], key: string | number | undefined): boolean =>
  nodes.some((node) => node['writeOnly'] === true) || (typeof key === 'string' && NAMED_SO.test(key));

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;

/** @param schema of the settings; null = nobody knows it, so any text may be one. */
export function shownSettings(settings: unknown, schema: JsonSchema | null): unknown {
  const shown = (value: unknown, nodes: readonly JsonSchema[], path: Path): unknown => {
    if (Array.isArray(value)) {
      return value.map((item: unknown, index) => shown(item, alternativesAt(nodes, index), [...path, index]));
    }
    if (isMapping(value)) {
      if (referenceIn(value) !== null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          shown(item, alternativesAt(nodes, key), [...path, key]),
        ]),
      );
    }
    const hides = schema === null ? typeof value === 'string' : isSecret(nodes, path.at(-1));
    return hides && value !== null ? { hidden: formatPath(path) } : value;
  };
  return shown(settings, alternatives(schema ?? undefined), []);
}

export type Fault = { readonly path: Path; readonly message: string; readonly french: string };

export type TakenSettings = {
  /** As they are to stand in the file. */
  readonly settings: Entry;
  /** What is to be kept outside of it: texts by the names of their files. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly faults: readonly Fault[];
};

export type Taking = {
  readonly sent: Entry;
  /** What stands in the file now. */
  readonly stored: Entry;
  readonly schema: JsonSchema | null;
  /** References that may be written although they do not stand in the file yet. */
  readonly offered: readonly Reference[];
  /** A name for the file of a secret, that no other has. */
  readonly nameOf: (path: Path) => string;
};

/**
 * What a form sends, with the secrets taken out of it. A secret that it does not send, or sends as it was shown, stays; null
 * removes it. References are kept where they stand and not made: by one that is, whoever may change an address could have any
 * file or variable of the process sent there.
 */
export function takenSettings({ sent, stored, schema, offered, nameOf }: Taking): TakenSettings {
  const secrets = new Map<string, string>();
  const faults: Fault[] = [];
  const standing = standingIn(stored, alternatives(schema ?? undefined), []);

  /** Where a secret is, another may not come; and no secret comes where it would be shown, or sent in the open. */
  const stood = (isSecretPlace: boolean) => standing.filter((each) => each.isSecret === isSecretPlace);

  /** Of a mapping that is no value but says where one is: the value in the file; null of any other. */
  function special(value: Entry, isSecretPlace: boolean, path: Path): { readonly value: unknown } | null {
    const place = Object.keys(value).length === 1 ? value['hidden'] : undefined;
    if (typeof place === 'string') {
      const found = stood(true).find(
        (each) => isSecretPlace && !each.reference && formatPath(each.path) === place,
      );
      if (!found) {
        const message = 'nothing of that is hidden here: send the text itself';
        faults.push({ path, message, french: 'rien de cela n’est caché ici : écrivez le texte lui-même' });
      }
      return { value: found?.value };
    }
    const reference = referenceIn(value);
    if (reference === null) return null;
    const known = [...offered, ...stood(isSecretPlace).map((each) => each.reference)];
    if (!known.some((each) => isDeepStrictEqual(each, reference))) {
      const message =
        'a reference is made in the file itself: send the secret, and it is kept in a file of its own';
      const french =
        'une référence se fait dans le fichier même : écrivez le secret, et il est gardé dans un fichier à lui';
      faults.push({ path, message, french });
    }
    return { value };
  }

  function taken(value: unknown, before: unknown, nodes: readonly JsonSchema[], path: Path): unknown {
    if (Array.isArray(value)) {
      return value.map((item: unknown, index) =>
        taken(item, undefined, alternativesAt(nodes, index), [...path, index]),
      );
    }
    const isSecretPlace = isSecret(nodes, path.at(-1));
    if (isMapping(value)) {
      const found = special(value, isSecretPlace, path);
      return found ? found.value : mapping(value, before, nodes, path);
    }
    if (typeof value !== 'string' || !isSecretPlace) return value;
    const name = nameOf(path);
    secrets.set(name, value);
    return { file: name };
  }

  function mapping(value: Entry, before: unknown, nodes: readonly JsonSchema[], path: Path): Entry {
    const earlier = isMapping(before) && isSameKind(value, before, nodes) ? before : {};
    const isKept = (key: string): boolean => isSecret(alternativesAt(nodes, key), key);
    const entries = Object.entries(value)
      .filter(([key, item]) => !(isKept(key) && (item === null || item === '')))
      .map(
        ([key, item]) =>
          [key, taken(item, earlier[key], alternativesAt(nodes, key), [...path, key])] as const,
      );
    const kept = Object.entries(earlier).filter(
      ([key, item]) =>
        isKept(key) &&
        (value[key] === undefined || value[key] === '') &&
        (isPlain(item) || referenceIn(item) !== null),
    );
    return Object.fromEntries([...entries, ...kept]);
  }

  return { settings: mapping(sent, stored, alternatives(schema ?? undefined), []), secrets, faults };
}

/** Of alternatives that are told apart by a key, the secrets of the one are none of another. */
function isSameKind(value: Entry, before: Entry, nodes: readonly JsonSchema[]): boolean {
  const telling = nodes.flatMap(({ properties = {} }) =>
    Object.keys(properties).filter((key) => properties[key]?.['const'] !== undefined),
  );
  return telling.every((key) => value[key] === before[key]);
}

/** Of all that is in it, with itself. */
export function referencesIn(value: unknown): readonly Reference[] {
  const reference = referenceIn(value);
  if (reference !== null) return [reference];
  return isPlain(value) ? [] : Object.values(value as object).flatMap(referencesIn);
}

type Standing = {
  readonly path: Path;
  readonly value: unknown;
  /** Null of a text that stands in the file itself. */
  readonly reference: Reference | null;
  readonly isSecret: boolean;
};

function standingIn(value: unknown, nodes: readonly JsonSchema[], path: Path): readonly Standing[] {
  const reference = referenceIn(value);
  if (reference !== null || isPlain(value)) {
    return [{ path, value, reference, isSecret: isSecret(nodes, path.at(-1)) }];
  }
  return Object.entries(value as object).flatMap(([name, item]) => {
    const key = Array.isArray(value) ? Number(name) : name;
    return standingIn(item, alternativesAt(nodes, key), [...path, key]);
  });
}

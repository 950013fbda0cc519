import { readFileSync, type Stats, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import type { Variables } from './environment.ts';

/** What the file only refers to, so that no secret stands in it. */

/** As it is written in place of a text. */
export const ReferenceDocument = z.union([
  z.strictObject({ env: z.string().min(1).meta({ description: 'name of the environment variable' }) }),
  z.strictObject({
    file: z
      .string()
      .min(1)
      .meta({ description: 'name of a file under $PASSERELLE_DATA/secrets, or its absolute path' }),
  }),
]);

export type Reference = z.output<typeof ReferenceDocument>;

/** Null of anything else than a reference. */
export const referenceIn = (value: unknown): Reference | null =>
  ReferenceDocument.safeParse(value).data ?? null;

/** Its text, or what is wrong, to be read after what it is called. */
export type Found = { readonly text: string } | { readonly problem: string; readonly french: string };

export type Outside = {
  readonly variables: Variables;
  readonly fileNamed: (name: string) => Found;
};

/** Of no folder or process: where nothing is referred to. */
export const NOTHING_OUTSIDE: Outside = {
  variables: {},
  fileNamed: () => ({ problem: 'there is none', french: 'n’existe pas' }),
};

/** @param variables PASSERELLE_DATA among them: it has the folder of secrets. */
export const outsideOf = (variables: Variables): Outside => ({
  variables,
  fileNamed: (name) => readSecret(secretsFolder(variables), name),
});

export const secretsFolder = ({ PASSERELLE_DATA: dataFolder }: Variables): string =>
  // As in environment.ts: a variable that is empty counts as not set.
  join(dataFolder || './.data', 'secrets');

/** No path: what is above the folder is no business of a name. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

/** A certificate with its chain is a few kilobytes. */
const BYTES_MAX = 64 * 1024;

function readSecret(folder: string, name: string): Found {
  if (!isAbsolute(name) && !NAME.test(name)) {
    return {
      problem: 'must be a name of letters, digits, . _ and -, or an absolute path',
      french: 'doit être un nom de lettres, de chiffres, de . _ et -, ou un chemin absolu',
    };
  }
  const path = isAbsolute(name) ? name : join(folder, name);
  const stats = statsOf(path);
  if (stats === null) {
    return {
      problem: `cannot be read at ${path}: write it there, so that Passerelle may read it`,
      french: `ne se lit pas à ${path} : écrivez-le là, pour que Passerelle puisse le lire`,
    };
  }
  if (!stats.isFile()) return { problem: `is not a file: ${path}`, french: `n’est pas un fichier : ${path}` };
  if (stats.size > BYTES_MAX) {
    const kibibytes = BYTES_MAX / 1024;
    return {
      problem: `is larger than ${kibibytes} KiB: ${path}`,
      french: `dépasse ${kibibytes} Kio : ${path}`,
    };
  }
  try {
    // Editors and `echo` end a line; no secret ends in one.
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    return text === '' ? { problem: `is empty: ${path}`, french: `est vide : ${path}` } : { text };
  } catch {
    return {
      problem: `cannot be read at ${path}: let the user that runs Passerelle read it`,
      french: `ne se lit pas à ${path} : laissez l’utilisateur de Passerelle le lire`,
    };
  }
}

function statsOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

export function follow(reference: Reference, { variables, fileNamed }: Outside): Found {
  if ('file' in reference) {
    const found = fileNamed(reference.file);
    if ('text' in found) return found;
    return {
      problem: `the file of secrets ${reference.file} ${found.problem}`,
      french: `le fichier de secrets ${reference.file} ${found.french}`,
    };
  }
  const text = variables[reference.env];
  if (text !== undefined && text !== '') return { text };
  return {
    problem: `the environment variable ${reference.env} is not set: set it where Passerelle is started`,
    french: `la variable d’environnement ${reference.env} n’est pas définie : définissez-la où Passerelle est lancée`,
  };
}

/** Null of none, or of one that leads nowhere: that it does not was checked. */
export function textOf(reference: Reference | undefined, outside: Outside): string | null {
  if (reference === undefined) return null;
  const found = follow(reference, outside);
  return 'text' in found ? found.text : null;
}

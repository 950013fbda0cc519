import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/**
 * A report holds for the adapter that it was made of. The hash is over the path and content of every file in its folders,
 * but for what does not run: prose, packages of others, hidden files and the reports themselves.
 */

const LEFT_OUT =
  /(^|\/)(\.|node_modules(\/|$)|conformance\.(json|html)$|[^/]+\.(md|map|tsbuildinfo)$|LICENSE$)/;

/** @param places folders, or files. @returns SHA-256, hexadecimal. */
export async function hashOf(places: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const [index, place] of places.entries()) {
    const isFile = (await stat(place).catch(noFolder))?.isFile() ?? false;
    for (const path of isFile ? [''] : await filesIn(place)) {
      const content = createHash('sha256')
        .update(await readFile(join(place, path)))
        .digest('hex');
      hash.update(`${index}/${path}\n${content}\n`);
    }
  }
  return hash.digest('hex');
}

/** Paths with slashes, in the same order on every machine. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(noFolder);
  return (entries ?? [])
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !LEFT_OUT.test(path))
    .sort();
}

/** An adapter may have no mappings. */
function noFolder(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

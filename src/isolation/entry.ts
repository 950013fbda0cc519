import type { Adapter } from '../adapter/contract.ts';

/**
 * What a thread is told to run: the URL of a module; or a description, which is no code but the text itself, as a URL of data
 * (RFC 2397).
 */

const DATA = 'data:application/yaml;base64,';

export const DESCRIPTION_BYTES_MAX = 512 * 1024;

export const isDescriptionFile = (path: string): boolean => /\.ya?ml$/.test(path);

export const entryOfText = (text: string): string => `${DATA}${Buffer.from(text).toString('base64')}`;

/** The text of a description, or null: it is a module. */
export const textIn = (entry: string): string | null =>
  entry.startsWith(DATA) ? Buffer.from(entry.slice(DATA.length), 'base64').toString('utf8') : null;

/**
 * What stands there, in a thread of its own. @throws DescriptionError, or whatever a module throws as it is loaded.
 */
export async function importAdapter(entry: string): Promise<{ readonly default?: unknown }> {
  const text = textIn(entry);
  if (text === null) return import(entry);
  // What a description needs is of no use to other adapters.
  const { adapterOf, readDescription } = await import('../described/index.ts');
  const adapter: Adapter = adapterOf(readDescription(text));
  return { default: adapter };
}

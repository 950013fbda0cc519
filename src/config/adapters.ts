import { dirname } from 'node:path';
import type { InstalledAdapter, IsolatedAdapter } from '../adapter/isolated.ts';
import type { Explanation } from './explain.ts';
import type { Problem } from './problems.ts';
import type { RawItem } from './raw.ts';

/** Adapters of other packages that the file names. */

/**
 * @param written packages, or paths relative to the folder.
 * @returns for each, in their order, the adapter, or what is wrong with it. Until `close` their settings can be checked.
 */
export type LoadAdapters = (
  written: readonly string[],
  folder: string,
) => Promise<{
  readonly found: readonly (IsolatedAdapter | Unusable)[];
  readonly close: () => Promise<void>;
}>;

export type Unusable = {
  /** What is wrong with it, to be read after its name. */
  readonly problem: string;
  /** Each of several things, where it is a file that has lines. */
  readonly places?: readonly Problem[];
};

export type NamedAdapters = {
  /** Ours and those of the file. */
  readonly adapters: ReadonlyMap<string, InstalledAdapter>;
  readonly problems: readonly (Explanation | Problem)[];
  readonly close: () => Promise<void>;
};

/** @param file whose folder it is that paths are relative to. */
export async function namedAdapters(
  root: RawItem,
  file: string,
  ours: ReadonlyMap<string, InstalledAdapter>,
  load: LoadAdapters,
): Promise<NamedAdapters> {
  const list = root.fields['adapters'];
  // What is no text is told of where the whole file is checked.
  const entries = (Array.isArray(list) ? list : []).flatMap((written: unknown, index) =>
    typeof written === 'string' && written !== '' ? [{ written, index }] : [],
  );
  const { found, close } = await load(
    entries.map(({ written }) => written),
    dirname(file),
  );
  const adapters = new Map(ours);
  const places = new Map<string, number>();
  const problems = entries.flatMap(({ written, index }, at): readonly (Explanation | Problem)[] => {
    const wrong = (message: string): Explanation[] => [{ path: ['adapters', index], at: 'value', message }];
    const adapter = found[at];
    if (adapter === undefined) return [];
    if ('problem' in adapter) return adapter.places ?? wrong(`"${written}" ${adapter.problem}`);
    const { id } = adapter.manifest;
    const place = places.get(id);
    if (place !== undefined)
      return wrong(`its id "${id}" is that of adapters[${place}] too: leave one of them out`);
    if (ours.has(id)) {
      return wrong(
        `its id "${id}" is that of an adapter of Passerelle's own: its author must give it another`,
      );
    }
    places.set(id, index);
    adapters.set(id, adapter);
    return [];
  });
  return { adapters, problems, close };
}

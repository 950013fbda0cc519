import { type Need, type Principal, permits } from '../domain/access.ts';
import { forbidden } from './authorize.ts';
import type { Chain, Context, Reference } from './search.ts';
import { Unusable } from './unusable.ts';

/** What refers to what among the resources that are kept in memory: for chains, and for what searches include. */

export type Kind = {
  readonly textOf: (id: string) => string | undefined;
  /** Paths, as `Location/x`, that one refers to by this parameter. */
  readonly referencesOf: (id: string, parameter: string) => readonly string[];
  /** Paths of those that refer to any of these by this parameter. */
  readonly referringTo: (parameter: string, paths: ReadonlySet<string>) => readonly string[];
  /** Ids found by one parameter, chained or not; null = the type has none of that name. @throws Unusable or Refused */
  readonly find: (path: string, value: string, context: Context) => readonly string[] | null;
};

const LINKS_MAX = 4;

export class Graph {
  readonly #kinds = new Map<string, Kind>();

  add(type: string, kind: Kind): void {
    this.#kinds.set(type, kind);
  }

  kind(type: string): Kind | null {
    return this.#kinds.get(type) ?? null;
  }

  /** Where several types can be meant, those that have such a parameter are, and may be searched by who asks. */
  readonly chain: Chain = (types, path, value, context) => {
    const searchable = types.filter((type) => maySearch(context.caller, type));
    if (searchable.length === 0) throw forbidden(types.map(toSearch));
    if (path.split('.').length > LINKS_MAX) {
      throw new Unusable({
        fr: `une chaîne a au plus ${LINKS_MAX} points`,
        en: `a chain has ${LINKS_MAX} dots at most`,
      });
    }
    let isKnown = false;
    const found: Reference[] = [];
    for (const type of searchable) {
      const ids = this.#kinds.get(type)?.find(path, value, context) ?? null;
      if (ids === null) continue;
      isKnown = true;
      found.push(...ids.map((id) => ({ type, id })));
    }
    if (isKnown) return found;
    const shown = path.slice(0, 64);
    throw new Unusable({
      fr: `${types.join(', ')} : pas de paramètre ${shown}`,
      en: `${types.join(', ')}: no parameter ${shown}`,
    });
  };
}

const toSearch = (type: string): Need => ({ type, permission: 's' });
const maySearch = (caller: Principal, type: string): boolean => permits(caller, toSearch(type));

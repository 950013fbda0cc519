/** `_include` and `_revinclude` as they are written (R4, search.html, 3.1.1.5.4): `Slot:schedule`, `Schedule:actor:Location`. */
export type Directive = {
  /** Followed from what it finds to what refers to that. */
  readonly isReverse: boolean;
  /** Also from what was included. */
  readonly iterates: boolean;
  readonly source: string;
  readonly parameter: string;
  /** Only references to this type; null = to any. */
  readonly target: string | null;
};

/** What a search can include: `Slot:schedule`. */
export type Includable = { readonly includes: readonly string[]; readonly revincludes: readonly string[] };

const NAME = /^_(rev)?include(:iterate|:recurse)?$/;
const VALUE = /^([A-Za-z]+):([a-z-]+)(?::([A-Za-z]+))?$/;

export const isInclude = (name: string): boolean => NAME.test(name);

/** Null = it is none. */
export function readDirective(name: string, value: string): Directive | null {
  const named = NAME.exec(name);
  const said = named && VALUE.exec(value);
  if (!said) return null;
  const [, reverse, iterate] = named;
  const [, source = '', parameter = '', target = null] = said;
  return { isReverse: reverse !== undefined, iterates: iterate !== undefined, source, parameter, target };
}

export const isOffered = ({ isReverse, source, parameter }: Directive, table: Includable): boolean =>
  (isReverse ? table.revincludes : table.includes).includes(`${source}:${parameter}`);

export const includeNames = ({ includes, revincludes }: Includable): string[] => [
  ...(includes.length > 0 ? ['_include'] : []),
  ...(revincludes.length > 0 ? ['_revinclude'] : []),
];

/** How a reverse chain begins (R4, search.html, 3.1.1.4.16): `_has:Slot:schedule:status`. */
export const REVERSE_CHAIN = '_has:';

export const isReverseChain = (name: string): boolean => name.startsWith(REVERSE_CHAIN);

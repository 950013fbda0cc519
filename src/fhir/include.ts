import { type Need, type Principal, permits } from '../domain/access.ts';
import { forbidden } from './authorize.ts';
import type { Entry } from './bundle.ts';
import type { Directive } from './directive.ts';
import type { Graph } from './graph.ts';
import type { Context } from './search.ts';

/**
 * What comes with the results of a search because they refer to it, or because it refers to them (R4, search.html,
 * 3.1.1.5.4). Each resource once, and none that is a result itself.
 */

export type Node = {
  /** As `Slot/x`. */
  readonly path: string;
  readonly text: string;
  /** Paths that it refers to by this parameter. */
  readonly references: (parameter: string) => readonly string[];
};

/** Resources that are not kept in memory, of one type. */
export type Source = {
  readonly byIds: (ids: readonly string[], context: Context) => Promise<readonly Node[]>;
  /** Those that refer to any of these ids by this parameter. */
  readonly referringTo: (
    parameter: string,
    ids: readonly string[],
    context: Context,
  ) => Promise<readonly Node[]>;
};

export type Sources = { readonly graph: Graph; readonly stored: Readonly<Record<string, Source>> };

/** And who asks. */
type Asked = Sources & { readonly context: Context };

/** Against references in a circle, and as much as one may wait for. */
const ROUNDS_MAX = 5;

export async function included(
  matches: readonly Node[],
  directives: readonly Directive[],
  sources: Sources,
  context: Context,
): Promise<Entry[]> {
  if (directives.length === 0) return [];
  const seen = new Set(matches.map(({ path }) => path));
  const found: Node[] = [];
  let fresh: readonly Node[] = matches;
  for (let round = 0; fresh.length > 0 && round < ROUNDS_MAX; round += 1) {
    const wanted = round === 0 ? directives : directives.filter(({ iterates }) => iterates);
    const next: Node[] = [];
    for (const directive of wanted) {
      for (const node of await follow(directive, fresh, { ...sources, context }, seen)) {
        if (seen.has(node.path)) continue;
        seen.add(node.path);
        next.push(node);
      }
    }
    found.push(...next);
    fresh = next;
  }
  return found.map(({ path, text }) => ({ path, resource: text, mode: 'include' }));
}

const typeOf = (path: string): string => path.slice(0, path.indexOf('/'));
const idOf = (path: string): string => path.slice(path.indexOf('/') + 1);

async function follow(
  { isReverse, source, parameter, target }: Directive,
  from: readonly Node[],
  sources: Asked,
  seen: ReadonlySet<string>,
): Promise<readonly Node[]> {
  if (isReverse) {
    if (!mayRead(sources.context.caller, source)) throw forbidden([toRead(source)], 'http._revinclude');
    const paths = from.map(({ path }) => path).filter((path) => target === null || typeOf(path) === target);
    return paths.length === 0 ? [] : referring(source, parameter, paths, sources);
  }
  const paths = from
    .filter(({ path }) => typeOf(path) === source)
    .flatMap((node) => node.references(parameter))
    .filter((path) => !seen.has(path) && (target === null || typeOf(path) === target));
  return nodes(readable([...new Set(paths)], sources.context.caller), sources);
}

const toRead = (type: string): Need => ({ type, permission: 'r' });
const mayRead = (caller: Principal, type: string): boolean => permits(caller, toRead(type));

/** A reference may be to several types: what is not shown to who asks is left out. @throws Refused where that is all. */
function readable(paths: readonly string[], caller: Principal): readonly string[] {
  const shown = paths.filter((path) => mayRead(caller, typeOf(path)));
  if (shown.length > 0 || paths.length === 0) return shown;
  throw forbidden([...new Set(paths.map(typeOf))].map(toRead), 'http._include');
}

async function nodes(paths: readonly string[], { graph, stored, context }: Asked): Promise<readonly Node[]> {
  const found = paths.flatMap((path) => nodeIn(graph, path) ?? []);
  for (const [type, source] of Object.entries(stored)) {
    const ids = paths.filter((path) => typeOf(path) === type).map(idOf);
    if (ids.length > 0) found.push(...(await source.byIds(ids, context)));
  }
  return found;
}

async function referring(
  type: string,
  parameter: string,
  paths: readonly string[],
  { graph, stored, context }: Asked,
): Promise<readonly Node[]> {
  const source = stored[type];
  if (source) return source.referringTo(parameter, paths.map(idOf), context);
  const found = graph.kind(type)?.referringTo(parameter, new Set(paths)) ?? [];
  return found.flatMap((path) => nodeIn(graph, path) ?? []);
}

export function nodeIn(graph: Graph, path: string): Node | null {
  const kind = graph.kind(typeOf(path));
  const text = kind?.textOf(idOf(path));
  if (!kind || text === undefined) return null;
  return { path, text, references: (parameter) => kind.referencesOf(idOf(path), parameter) };
}

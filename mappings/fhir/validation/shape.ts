import { once } from '../../../src/domain/once.ts';

/** What an element may be, as R4 has it (mappings/r4) or a profile of ours (mappings/profiles). */

export type ElementShape = {
  /** Without `[x]`. */
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** In JSON it is an array, also where a profile allows only one. */
  readonly isList: boolean;
  /** In which keys of JSON it may be: one, or of value[x] one for each type. */
  readonly spellings: readonly { readonly key: string; readonly type: string }[];
  /** Of the summary of a resource (R4, search.html, 3.1.1.5.8). */
  readonly isSummary: boolean;
  /** Of a required binding. */
  readonly codes: Codes | null;
  readonly fixed: string | null;
  /** What it is made of, where that is not told by its type. Asked for when it is needed: some contain themselves. */
  readonly parts: (() => Shape) | null;
  /** Of a list of extensions: what those of one URL may be. */
  readonly slices: readonly Slice[];
};

export type Shape = ReadonlyMap<string, ElementShape>;

export type Slice = {
  readonly url: string;
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly shape: Shape;
};

/** By system. */
export type Codes = ReadonlyMap<string, ReadonlySet<string>>;

/** An element before its parts are gathered below it. */
export type Row = Omit<ElementShape, 'name' | 'spellings' | 'parts' | 'slices'> & {
  /** Below the type, with `[x]` and names of slices: `participant.actor`, `extension:mode.value[x]`. */
  readonly path: string;
  readonly types: readonly string[];
  /** The path of the element that it is made like; null = it is none of these. */
  readonly like: string | null;
};

/** @param all every row of the type, in which the elements that others are made like are looked for. */
export function shapeOf(rows: readonly Row[], all: readonly Row[] = rows): Shape {
  const shape = new Map<string, ElementShape>();
  for (const { path, types, like, ...row } of rows) {
    if (/[.:]/.test(path)) continue;
    const name = path.replace('[x]', '');
    const below = within(rows, `${path}.`);
    const parts = like === null ? below : within(all, `${like}.`);
    shape.set(name, {
      ...row,
      name,
      spellings: types.map((type) => ({ key: path === name ? name : name + capitalized(type), type })),
      parts: parts.length === 0 ? null : once(() => shapeOf(parts, all)),
      slices: slicesOf(rows, path),
    });
  }
  return shape;
}

const within = (rows: readonly Row[], prefix: string): Row[] =>
  rows
    .filter(({ path }) => path.startsWith(prefix))
    .map((row) => ({ ...row, path: row.path.slice(prefix.length) }));

function slicesOf(rows: readonly Row[], list: string): Slice[] {
  return rows.flatMap(({ path, min, max }) => {
    const name = path.startsWith(`${list}:`) ? path.slice(list.length + 1) : '';
    if (name === '' || name.includes('.')) return [];
    const shape = shapeOf(within(rows, `${path}.`));
    const url = shape.get('url')?.fixed;
    return typeof url === 'string' ? [{ url, name, min, max, shape }] : [];
  });
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

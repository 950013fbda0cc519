import type jsonata from 'jsonata';

/** What an expression uses, as its syntax tree tells without evaluating it. */

/** A key of the input, as `settings.site` is `settings` and `site`. */
export type Name = {
  readonly name: string;
  readonly inner: string | null;
  /** Of its first character in the text. */
  readonly position: number;
};
/** `$name`, which it does not bind itself. */
export type Variable = Omit<Name, 'inner'>;

export type Uses = {
  /** What it takes of its input, where that can be told. */
  readonly names: readonly Name[];
  readonly variables: readonly Variable[];
  /** The tables that it translates by, where they are written out. */
  readonly tables: readonly string[];
  /** The formats that it writes local times by, where they are written out. */
  readonly formats: readonly Format[];
};

export type Format = { readonly text: string; readonly position: number };

export function usesOf(tree: jsonata.ExprNode): Uses {
  const nodes = nodesIn(tree, new Set());
  const bound = new Set(nodes.flatMap(boundIn));
  const variables = nodes.filter(({ type, value }) => type === 'variable' && value !== '' && value !== '$');
  return {
    names: namesIn(tree as Node),
    variables: variables
      .map(({ value, position = 0 }) => ({
        name: String(value),
        position: position - String(value).length - 1,
      }))
      .filter(({ name }) => !bound.has(name))
      .sort((a, b) => a.position - b.position),
    tables: nodes.flatMap(tableIn),
    formats: nodes.flatMap(formatIn),
  };
}

const OF_PATH = new Set(['type', 'steps']);
const OF_NAME = new Set(['type', 'value', 'position']);

/** The names of an expression that is a path of them and nothing else; null of any other. */
export function pathIn(tree: jsonata.ExprNode): readonly string[] | null {
  const { type, steps = [] } = tree as Node;
  const isPlain =
    type === 'path' &&
    Object.keys(tree).every((key) => OF_PATH.has(key)) &&
    steps.every((step) => step.type === 'name' && Object.keys(step).every((key) => OF_NAME.has(key)));
  return isPlain ? steps.map(({ value }) => String(value)) : null;
}

/** Every node, however deep. */
function nodesIn(value: unknown, seen: Set<unknown>): Node[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  const inner = Object.values(value).flatMap((each) => nodesIn(each, seen));
  return 'type' in value ? [value as Node, ...inner] : inner;
}

/** By `:=`, as an argument of a function of its own, by `@` and by `#`. */
function boundIn({ type, lhs, arguments: given, focus, index, value }: Node): string[] {
  if (type === 'bind') return [String((lhs as Node).value)];
  if (type === 'lambda') return (given ?? []).map((each) => String(each.value));
  if (type === 'index') return [String(value)];
  return [focus, index].filter((name) => typeof name === 'string');
}

function tableIn({ type, procedure, arguments: given }: Node): string[] {
  const [table] = given ?? [];
  return type === 'function' && procedure?.value === 'theirs' && table?.type === 'string'
    ? [String(table.value)]
    : [];
}

function formatIn({ type, procedure, arguments: given }: Node): Format[] {
  const [, format] = given ?? [];
  if (type !== 'function' || procedure?.value !== 'local' || format?.type !== 'string') return [];
  const text = String(format.value);
  // The position is behind the text and its quotes.
  return [{ text, position: Math.max(0, (format.position ?? 0) - text.length - 1) }];
}

/** Of JSONata (docs.jsonata.org), but for those that are left out. */
export const FUNCTIONS: readonly string[] = [
  'abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl',
  'decodeUrlComponent distinct each encodeUrl encodeUrlComponent error exists filter floor formatBase',
  'formatInteger formatNumber fromMillis join keys length lookup lowercase map match max merge min not',
  'number pad parseInteger power reduce replace reverse round sift single sort split spread sqrt string',
  'substring substringAfter substringBefore sum toMillis trim type uppercase zip',
].flatMap((line) => line.split(' '));

type Node = {
  readonly type: string;
  readonly value?: unknown;
  readonly position?: number;
  readonly steps?: readonly Node[];
  readonly lhs?: unknown;
  readonly rhs?: Node;
  readonly expression?: Node;
  readonly expressions?: readonly Node[];
  readonly arguments?: readonly Node[];
  readonly condition?: Node;
  readonly then?: Node;
  readonly else?: Node;
  readonly procedure?: Node;
  readonly focus?: unknown;
  readonly index?: unknown;
};

/** Of a path its first step: what follows is looked up in what that leads to. */
function namesIn(node: Node | undefined): readonly Name[] {
  if (node === undefined) return [];
  switch (node.type) {
    case 'path': {
      const [first, second] = node.steps ?? [];
      if (first?.type !== 'name') return namesIn(first);
      const inner = second?.type === 'name' ? String(second.value) : null;
      const name = String(first.value);
      return [{ name, inner, position: Math.max(0, (first.position ?? 0) - name.length) }];
    }
    case 'binary':
    case 'apply':
      return [...namesIn(node.lhs as Node), ...namesIn(node.rhs)];
    case 'unary':
      return [
        ...namesIn(node.expression),
        ...(node.expressions ?? []).flatMap(namesIn),
        ...(Array.isArray(node.lhs) ? (node.lhs as readonly Node[][]).flat().flatMap(namesIn) : []),
      ];
    case 'condition':
      return [node.condition, node.then, node.else].flatMap(namesIn);
    case 'block':
      return (node.expressions ?? []).flatMap(namesIn);
    case 'bind':
      return namesIn(node.rhs);
    case 'function':
      return (node.arguments ?? []).flatMap(namesIn);
    default:
      return [];
  }
}

/** The parameter `fields` of Google's APIs: a partial answer, as `kind,items(id,start),extendedProperties/private`. */

type Mask = Map<string, Mask | null>;

export function masked(value: unknown, fields: string | null): unknown {
  return fields === null ? value : pick(value, parse([...fields.matchAll(/[(),/]|[^(),/]+/g)].map(String)));
}

function parse(tokens: string[]): Mask {
  const mask: Mask = new Map();
  while (tokens.length > 0 && tokens[0] !== ')') {
    const name = tokens.shift() ?? '';
    if (name === ',') continue;
    const next = tokens[0];
    if (next === '(') {
      tokens.shift();
      mask.set(name, parse(tokens));
      tokens.shift();
    } else if (next === '/') {
      tokens.shift();
      mask.set(name, new Map([[tokens.shift() ?? '', null]]));
    } else mask.set(name, null);
  }
  return mask;
}

function pick(value: unknown, mask: Mask | null): unknown {
  if (mask === null || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => pick(each, mask));
  const picked = Object.entries(value).filter(([name]) => mask.has(name));
  return Object.fromEntries(picked.map(([name, each]) => [name, pick(each, mask.get(name) ?? null)]));
}

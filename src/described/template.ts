import { compile, type Expression, ExpressionProblem, type Variables } from './expression.ts';
import type { Uses } from './syntax-tree.ts';

/** A text with expressions in it, `/v1/agendas/{{ calendar }}`. One that is a single expression stands for its value. */
export type Template = {
  readonly text: string;
  readonly uses: Uses;
  /** The value of its one expression, or the text; undefined = an expression in it leads to nothing. */
  readonly value: (input: unknown, variables: Variables) => Promise<unknown>;
  /** As text. Null = an expression in it leads to nothing, or to null. @param written how each value is put in. */
  readonly fill: (
    input: unknown,
    variables: Variables,
    written?: (text: string) => string,
  ) => Promise<string | null>;
};

type Part = string | Expression;

const OPEN = '{{';
const CLOSE = '}}';

/** @throws ExpressionProblem with a position in the whole of the text. */
export function compileTemplate(text: string): Template {
  const parts: Part[] = [];
  const holes: Uses[] = [];
  let at = 0;
  for (let open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, at)) {
    if (open > at) parts.push(text.slice(at, open));
    const { expression, end } = hole(text, open + OPEN.length);
    parts.push(expression);
    holes.push(shifted(expression.uses, open + OPEN.length));
    at = end;
  }
  if (at < text.length) parts.push(text.slice(at));

  const fill: Template['fill'] = async (input, variables, written = (value) => value) => {
    let filled = '';
    for (const part of parts) {
      if (typeof part === 'string') filled += part;
      else {
        const value = await part.evaluate(input, variables);
        if (value === undefined || value === null) return null;
        filled += written(typeof value === 'object' ? JSON.stringify(value) : String(value));
      }
    }
    return filled;
  };
  const [only, ...others] = parts;
  return {
    text,
    uses: {
      names: holes.flatMap((each) => each.names),
      variables: holes.flatMap((each) => each.variables),
      tables: holes.flatMap((each) => each.tables),
      formats: holes.flatMap((each) => each.formats),
    },
    fill,
    value: async (input, variables) => {
      if (only !== undefined && typeof only !== 'string' && others.length === 0)
        return only.evaluate(input, variables);
      return (await fill(input, variables)) ?? undefined;
    },
  };
}

function shifted({ names, variables, tables, formats }: Uses, by: number): Uses {
  const shift = <Place extends { readonly position: number }>(each: Place): Place => ({
    ...each,
    position: each.position + by,
  });
  return { names: names.map(shift), variables: variables.map(shift), tables, formats: formats.map(shift) };
}

/** An expression may have `}}` in it itself: it ends where what is before can be read. */
function hole(text: string, start: number): { readonly expression: Expression; readonly end: number } {
  let first: ExpressionProblem | null = null;
  for (let close = text.indexOf(CLOSE, start); close >= 0; close = text.indexOf(CLOSE, close + 1)) {
    try {
      return { expression: compile(text.slice(start, close)), end: close + CLOSE.length };
    } catch (error) {
      if (!(error instanceof ExpressionProblem)) throw error;
      first ??= new ExpressionProblem(error.message, error.position + start);
    }
  }
  throw first ?? new ExpressionProblem(`has ${OPEN} without ${CLOSE}`, start - OPEN.length);
}

import jsonata from 'jsonata';
import { isFault } from '../adapter/faults.ts';
import { pathIn, type Uses, usesOf } from './syntax-tree.ts';

/**
 * Expressions of a description: JSONata (docs.jsonata.org), which reads its input and nothing else. Bounded in time, in
 * depth and in the length of its lists; what a regular expression of it does in one go is bounded by its thread.
 */

export const EXPRESSION_CHARACTERS_MAX = 4_000;
const BOUNDS = { timeout: 1_000, stack: 500, sequence: 100_000 };

/** The same input gives the same answer, and no text becomes an expression. */
export const LEFT_OUT = ['eval', 'now', 'millis', 'random', 'shuffle'];

export type Expression = {
  readonly text: string;
  readonly uses: Uses;
  /** Undefined = it leads to nothing there. @throws NotEvaluated */
  readonly evaluate: (input: unknown, variables?: Variables) => Promise<unknown>;
};

/** What `$name` stands for besides JSONata's own: values, and functions. */
export type Variables = Readonly<Record<string, unknown>>;

/** It is none that can be read. */
export class ExpressionProblem extends Error {
  override readonly name = 'ExpressionProblem';
  /** Of the character that it is about. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

/** By JSONata's code and never by its message, which quotes what it was given. */
export class NotEvaluated extends Error {
  override readonly name = 'NotEvaluated';
  /** It took too long, went too deep, or grew too large: with other input it would again. */
  readonly isUnbounded: boolean;

  constructor(code: string) {
    super(UNBOUNDED[code] ?? `cannot be computed (${code})`);
    this.isUnbounded = code in UNBOUNDED;
  }
}

const UNBOUNDED: Readonly<Record<string, string>> = {
  D1011: `calls itself more than ${BOUNDS.stack} times over`,
  D1012: `takes more than ${BOUNDS.timeout} ms`,
  D2014: 'makes a list that is too long',
  D2015: `makes a list of more than ${BOUNDS.sequence}`,
  'too-long': 'makes a text that is too long',
};

/** @throws ExpressionProblem */
export function compile(text: string): Expression {
  if (text.length > EXPRESSION_CHARACTERS_MAX)
    throw new ExpressionProblem(`has more than ${EXPRESSION_CHARACTERS_MAX} characters`, 0);
  const compiled = parsed(text);
  for (const name of LEFT_OUT) compiled.assign(name, undefined);
  const path = pathIn(compiled.ast());
  return {
    text,
    uses: usesOf(compiled.ast()),
    evaluate: async (input, variables = {}) => {
      const found = path && lookUp(input, path);
      if (found) return found.value;
      try {
        return await compiled.evaluate(input, variables);
      } catch (error) {
        // Of a function that was handed in: it says more than any code.
        if (isFault(error)) throw error;
        throw new NotEvaluated(codeOf(error));
      }
    },
  };
}

/**
 * Most expressions are a path of names, and most of the time goes into them: it is looked up without the interpreter, as that
 * does. Null = there is a list on the way, which JSONata goes into.
 */
function lookUp(input: unknown, path: readonly string[]): { readonly value: unknown } | null {
  let value = input;
  for (const name of path) {
    if (Array.isArray(value)) return null;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name))
      return { value: undefined };
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return { value };
}

function parsed(text: string): jsonata.Expression {
  try {
    return jsonata(text, BOUNDS);
  } catch (error) {
    const { position = 0, token = '', message = '' } = (error ?? {}) as Partial<jsonata.JsonataError>;
    // The position is behind what it is about.
    const at = token === '(end)' ? text.length : Math.max(0, position - String(token).length);
    throw new ExpressionProblem(`is no JSONata: ${lowered(message)}`, at);
  }
}

const lowered = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1);

function codeOf(error: unknown): string {
  const code: unknown = (error as { readonly code?: unknown } | null)?.code;
  // V8's own, of a stack that overflows, or a text that would be longer than any may be.
  if (error instanceof RangeError && error.message.includes('call stack')) return 'D1011';
  if (error instanceof RangeError && error.message.includes('string length')) return 'too-long';
  return typeof code === 'string' && /^[A-Z]\d{4}$/.test(code) ? code : 'unknown';
}

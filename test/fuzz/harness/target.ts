import type fc from 'fast-check';

/** One parser, as one entry of the table (targets.ts): what is put into it, and what may come of that. */
export type Target<Input = unknown> = {
  /** By which it is asked for, and the folder of its corpus. */
  readonly name: string;
  /** Of the time that every target has; left out = 1. */
  readonly share?: number;
  /** What must run on this machine; left out = nothing. */
  readonly needs?: 'PostgreSQL';
  /** Made in the process that is fuzzed, once. */
  readonly open: () => Promise<Opened<Input>>;
};

export type Opened<Input = unknown> = {
  /** Of plain JSON, so that one can be kept in a file. Made from samples that are named where they are read. */
  readonly inputs: fc.Arbitrary<Input>;
  /**
   * Puts one into the parser.
   * @returns in a word what became of it, all of which are allowed: it was read, or refused in a way that has a name.
   * @throws on everything else: that is what is looked for.
   */
  run(input: Input): string | Promise<string>;
  readonly close?: () => Promise<void>;
};

/** A kind of error that is a refusal. */
export type Refusal = abstract new (...given: never[]) => Error;

/** `read` if the parser comes to its end, the name of a refusal if it ends with one of these. @throws what else it throws. */
export async function outcomeOf(parse: () => unknown, refusals: readonly Refusal[] = []): Promise<string> {
  try {
    await parse();
    return 'read';
  } catch (error) {
    const refusal = refusals.find((each) => error instanceof each);
    if (refusal) return refusal.name;
    throw error;
  }
}

/** @throws Error saying what does not hold. */
export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

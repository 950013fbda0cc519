import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { must, type Opened } from './target.ts';

/** Looks for an input that breaks one target, for as long as it is told to. */

export type Failure = {
  /** As JSON, and as small as it could be made. */
  readonly input: string;
  readonly error: string;
  /** By which fast-check makes it again; null of one that is in the corpus. */
  readonly replay: { readonly seed: number; readonly path: string } | null;
};

export type Report = {
  readonly inputs: number;
  /** How often each thing became of an input. */
  readonly verdicts: Readonly<Record<string, number>>;
  /** Of the heap after a collection, since the warm state; null = it was not measured. */
  readonly grownBytes: number | null;
  readonly failure: Failure | null;
};

export type Wanted = {
  readonly milliseconds: number;
  readonly seed: number;
  /** Inputs that broke it once. They come first. */
  readonly corpus: readonly unknown[];
  /** Only this one, of that seed. */
  readonly path?: string | undefined;
};

/** So many inputs have one seed, so that time can be kept without breaking one off. */
const ROUND_INPUTS = 25;
const SHRINK_MILLISECONDS = 20_000;
/** What was compiled and cached by then is no growth. */
const WARM_SHARE = 0.4;

/** Is told when an input is put in, and when that is over. */
export type Witness = { readonly begin: (input: unknown) => void; readonly end: () => void };

export async function search(
  { inputs, run }: Opened,
  wanted: Wanted,
  { begin, end }: Witness,
): Promise<Report> {
  const verdicts: Record<string, number> = {};
  let count = 0;
  const put = async (input: unknown): Promise<void> => {
    begin(input);
    try {
      const verdict = await run(input);
      must(isClean(), 'a prototype was polluted');
      verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
    } finally {
      end();
    }
    count += 1;
  };
  const reported = (failure: Failure | null, grownBytes: number | null = null): Report => ({
    inputs: count,
    verdicts,
    grownBytes,
    failure,
  });

  for (const input of wanted.corpus) {
    try {
      await put(input);
    } catch (error) {
      return reported({ input: JSON.stringify(input), error: textOf(error), replay: null });
    }
  }
  const property = fc.asyncProperty(inputs, put);
  if (wanted.path !== undefined) return reported(await round(property, wanted.seed, { path: wanted.path }));

  const startedAt = performance.now();
  const isOver = (share: number): boolean => performance.now() - startedAt > wanted.milliseconds * share;
  let warmBytes: number | null = null;
  for (let seed = wanted.seed; !isOver(1); seed += 1) {
    const failure = await round(property, seed);
    if (failure) return reported(failure);
    if (warmBytes === null && isOver(WARM_SHARE)) warmBytes = await heapBytes();
  }
  return reported(null, warmBytes === null ? null : (await heapBytes()) - warmBytes);
}

/** What all objects and lists have: where a `__proto__` of an input gets by, it is more. */
const PROTOTYPES = [Object.prototype, Array.prototype, Function.prototype];
const KEYS = PROTOTYPES.map((each) => Reflect.ownKeys(each).length);
const isClean = (): boolean =>
  PROTOTYPES.every((each, index) => Reflect.ownKeys(each).length === KEYS[index]);

async function round(
  property: fc.IAsyncProperty<[unknown]>,
  seed: number,
  again: { readonly path?: string } = {},
): Promise<Failure | null> {
  const found = await fc.check(property, {
    seed,
    numRuns: ROUND_INPUTS,
    interruptAfterTimeLimit: SHRINK_MILLISECONDS,
    ...again,
  });
  if (!found.failed || found.counterexample === null) return null;
  const [input] = found.counterexample;
  const path = found.counterexamplePath ?? '';
  return {
    input: JSON.stringify(input),
    error: textOf(found.errorInstance),
    replay: { seed, path },
  };
}

const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : `not even an error: ${String(error)}`;

/** After a collection. What finalizers let go is collected the second time. */
async function heapBytes(): Promise<number> {
  for (let turn = 0; turn < 2; turn += 1) {
    globalThis.gc?.();
    await setImmediate();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

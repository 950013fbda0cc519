import { ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { packageRoot } from '../../../src/system/package-root.ts';
import { BROKEN } from './broken.ts';
import { type Report, search, type Wanted } from './search.ts';
import type { Opened, Target } from './target.ts';

/** The process that is fuzzed: one target after the other, as its parent asks. Its argument names the file of its last words. */

export type Asked = Wanted & { readonly target: string };
export type Said = 'ready' | Report;

const lastWords = openSync(process.argv[2] ?? '', 'w');
/** The number of the input that is under way; 0 = none is. */
const underWay = new Int32Array(new SharedArrayBuffer(4));
new Worker(join(packageRoot, 'test/fuzz/harness/watchdog.mjs'), { workerData: underWay.buffer }).unref();
let count = 0;

/** What the process dies of can't tell of it, so it is written down before it is tried. */
function begin(input: unknown): void {
  const bytes = Buffer.from(JSON.stringify(input));
  writeSync(lastWords, bytes, 0, bytes.length, 0);
  ftruncateSync(lastWords, bytes.length);
  count += 1;
  Atomics.store(underWay, 0, count);
}
const end = (): unknown => Atomics.store(underWay, 0, 0);

const opened = new Map<string, Promise<Opened>>();
function open(name: string): Promise<Opened> {
  const known = opened.get(name) ?? targetOf(name).then((target) => target.open());
  opened.set(name, known);
  return known;
}

async function targetOf(name: string): Promise<Target> {
  // They load the whole of the project, which takes longer than what is tried with the broken ones.
  const all = [
    ...BROKEN,
    ...(BROKEN.some((each) => each.name === name) ? [] : (await import('../targets.ts')).TARGETS),
  ];
  const target = all.find((each) => each.name === name);
  if (!target) throw new RangeError(`no target ${name}`);
  return target;
}

/** What makes the inputs, or opens the target, is wrong: no input is to blame. */
const unsearched = (error: unknown): Report => ({
  inputs: 0,
  verdicts: {},
  grownBytes: null,
  failure: {
    input: '(none)',
    error: error instanceof Error ? (error.stack ?? '') : String(error),
    replay: null,
  },
});

const say = (said: Said): unknown => process.send?.(said);

process.on('message', async ({ target, ...wanted }: Asked) => {
  try {
    say(await search(await open(target), wanted, { begin, end }));
  } catch (error) {
    say(unsearched(error));
  }
});
process.once('disconnect', async () => {
  for (const each of opened.values()) await (await each).close?.();
  process.exit(0);
});
say('ready');

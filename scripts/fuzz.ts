import { Command, InvalidArgumentError } from 'commander';
import { corpusOf } from '../test/fuzz/harness/corpus.ts';
import { Runner } from '../test/fuzz/harness/runner.ts';
import { told, wrongIn } from '../test/fuzz/harness/verdict.ts';
import { TARGETS } from '../test/fuzz/targets.ts';

/** Fuzzes the parsers for as long as one has time for. Exit code 1 = something broke. */

function positive(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 1_000_000) return value;
  throw new InvalidArgumentError('must be a number above 0');
}

function whole(text: string): number {
  if (/^-?\d{1,10}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('must be a whole number');
}

const NAMES = TARGETS.map(({ name }) => name);
function named(text: string, before: readonly string[] = []): readonly string[] {
  if (NAMES.includes(text)) return [...before, text];
  throw new InvalidArgumentError(`must be one of ${NAMES.join(', ')}`);
}

const {
  seconds,
  seed = Math.floor(Math.random() * 2 ** 31),
  target = NAMES,
  path,
} = new Command('fuzz')
  .description('Puts spoilt samples into every parser; see CONTRIBUTING.md, Fuzzing.')
  .option('--seconds <seconds>', 'for each target', positive, 60)
  .option('--seed <seed>', 'the first; left out = another each time', whole)
  .option('--target <name>', 'only this one; may be repeated', named)
  .option('--path <path>', 'with --seed and --target: the one input that a failure named')
  .parse()
  .opts<{ seconds: number; seed?: number; target?: readonly string[]; path?: string }>();

const runner = new Runner();
let broken = 0;
console.log(`seed ${seed}`);
for (const name of target) {
  const wanted = { milliseconds: seconds * 1_000, seed, corpus: corpusOf(name), path };
  const report = await runner.fuzz({ target: name, ...wanted });
  const wrong = wrongIn(name, report);
  if (wrong !== null) broken += 1;
  console.log(`${wrong === null ? '✓' : '✗'} ${told(name, report)}${wrong === null ? '' : `\n${wrong}`}`);
}
await runner.close();
process.exitCode = broken === 0 ? 0 : 1;

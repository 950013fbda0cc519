import { GROWTH_BYTES_MAX } from './runner.ts';
import type { Report } from './search.ts';

/** A report in words. */

const MEGABYTE = 1024 * 1024;
const INPUT_CHARACTERS = 4_000;

/** What is wrong, and how it is made again; null when nothing is. */
export function wrongIn(target: string, { failure, grownBytes }: Report): string | null {
  if (failure) {
    const { input, error, replay } = failure;
    const shown =
      input.length > INPUT_CHARACTERS
        ? `${input.slice(0, INPUT_CHARACTERS)}… (${input.length} characters)`
        : input;
    const again = replay
      ? `again: npm run fuzz -- --target ${target} --seed ${replay.seed} --path ${replay.path}\n`
      : '';
    return `${target} broke on this input:\n${shown}\n${again}${error}`;
  }
  if (grownBytes !== null && grownBytes > GROWTH_BYTES_MAX) {
    return `${target} keeps memory: ${(grownBytes / MEGABYTE).toFixed(1)} MB more after a collection than when it was warm`;
  }
  return null;
}

/** In a line. */
export function told(target: string, { inputs, verdicts, grownBytes }: Report): string {
  const counts = Object.entries(verdicts)
    .sort(([, a], [, b]) => b - a)
    .map(([verdict, count]) => `${verdict} ${count}`);
  const grown = grownBytes === null ? '' : `, ${(grownBytes / MEGABYTE).toFixed(1)} MB`;
  return `${target}: ${inputs} inputs${grown}: ${counts.join(', ')}`;
}

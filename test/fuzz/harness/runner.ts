import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childOf } from '../../support/program.ts';
import type { Asked, Said } from './child.ts';
import type { Report } from './search.ts';

/** Has targets fuzzed in a process of their own, and says of what it died where it does. */

/** A leak of a hundred bytes for each of some thousands of inputs would be more; what comes and goes with a cache is less. */
export const GROWTH_BYTES_MAX = 24 * 1024 * 1024;
/** Beside that, of V8 itself: so that what fills the memory dies of it here, and not the machine. */
const HEAP_MEGABYTES = 1_024;
const STDERR_CHARACTERS = 4_000;
/** Of a target, its corpus, and what makes a failure smaller. */
const OPENING_MILLISECONDS = 180_000;
/** From when its parent ends it. */
const CLOSING_MILLISECONDS = 20_000;

const CHILD = childOf('test/fuzz/harness/child.ts');
const EXEC_ARGV = [...CHILD.execArgv, '--expose-gc', `--max-old-space-size=${HEAP_MEGABYTES}`];

type Running = { readonly child: ChildProcess; readonly said: () => string };

export class Runner {
  readonly #folder = mkdtempSync(join(tmpdir(), 'passerelle-fuzz-'));
  readonly #lastWords = join(this.#folder, 'input.json');
  #running: Running | null = null;

  /** A process that has died is started anew for the next. */
  async fuzz(asked: Asked): Promise<Report> {
    const { child, said } = await this.#start();
    const answer = answerOf(child);
    child.send(asked);
    const late = setTimeout(() => child.kill('SIGKILL'), 10 * asked.milliseconds + OPENING_MILLISECONDS);
    const report = await answer;
    clearTimeout(late);
    if (report !== null && report !== 'ready') {
      // What broke in it may have broken the process as well.
      if (report.failure) await this.#end();
      return report;
    }
    this.#running = null;
    const error = `the process died: ${child.signalCode ?? `exit code ${child.exitCode}`}\n${said()}`;
    const input = readFileSync(this.#lastWords, 'utf8');
    return { inputs: 0, verdicts: {}, grownBytes: null, failure: { input, error, replay: null } };
  }

  async close(): Promise<void> {
    await this.#end();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #end(): Promise<void> {
    const child = this.#running?.child;
    this.#running = null;
    if (!child?.connected) return;
    const late = setTimeout(() => child.kill('SIGKILL'), CLOSING_MILLISECONDS);
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
    clearTimeout(late);
  }

  async #start(): Promise<Running> {
    if (this.#running) return this.#running;
    const child = fork(CHILD.file, [this.#lastWords], {
      execArgv: EXEC_ARGV,
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-STDERR_CHARACTERS);
    });
    const ready = await answerOf(child);
    if (ready === null) throw new Error(`the process did not start: ${text}`);
    this.#running = { child, said: () => text };
    return this.#running;
  }
}

/** Null = it died. Its output is whole by then. */
function answerOf(child: ChildProcess): Promise<Said | null> {
  return new Promise((resolve) => {
    const hear = (said: Said): void => {
      child.off('close', die);
      resolve(said);
    };
    const die = (): void => {
      child.off('message', hear);
      resolve(null);
    };
    child.once('message', hear);
    child.once('close', die);
  });
}

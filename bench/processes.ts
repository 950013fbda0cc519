import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/system/package-root.ts';
import type { Question } from './servers/child.ts';

/** Servers are processes of their own: they share neither event loop nor heap with the load. */

export type Started = {
  readonly url: string;
  /** Asks it for something and waits for the answer; one question at a time. */
  readonly ask: <Answer>(question: object) => Promise<Answer>;
  /** Processor time that it has used so far, in milliseconds. */
  readonly used: () => Promise<number>;
  readonly close: () => Promise<void>;
};

const OUTPUT = join(packageRoot, 'node_modules', '.cache', 'passerelle-bench');
const ANSWER_MILLISECONDS = 120_000;
const END_MILLISECONDS = 10_000;

/** Compiles everything once: servers run as `npm start` runs them, and not through a loader that changes the code. */
export function compile(): void {
  const compiler = join(packageRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const done = spawnSync(process.execPath, [compiler, '-p', join(packageRoot, 'bench')], {
    encoding: 'utf8',
  });
  if (done.status === 0) return;
  console.error(done.stdout);
  if (!existsSync(OUTPUT)) throw new Error('the servers could not be compiled');
}

/** @param script below bench/, without its suffix. @param task what it reads with task(). */
export async function start(script: string, task: unknown): Promise<Started> {
  const child = fork(join(OUTPUT, 'bench', `${script}.js`), [JSON.stringify(task)], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { url } = await answer<{ url: string | null }>(child);
  const ask = <Answer>(question: object): Promise<Answer> => {
    const answered = answer<Answer>(child);
    child.send(question);
    return answered;
  };
  return {
    url: url ?? '',
    ask,
    used: async () =>
      (await ask<{ milliseconds: number }>({ kind: 'usage' } satisfies Question)).milliseconds,
    close: () => end(child),
  };
}

function answer<Answer>(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(limit);
      child.off('message', onMessage);
      child.off('exit', onExit);
      act();
    };
    const onMessage = (message: unknown): void => settle(() => resolve(message as Answer));
    const onExit = (code: number | null): void =>
      settle(() => reject(new Error(`a process of the bench ended with ${code}`)));
    const limit = setTimeout(
      () => settle(() => reject(new Error('a process of the bench does not answer'))),
      ANSWER_MILLISECONDS,
    );
    child.once('message', onMessage);
    child.once('exit', onExit);
  });
}

/** It ends itself when its channel closes. */
function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const limit = setTimeout(() => child.kill('SIGKILL'), END_MILLISECONDS);
    child.once('exit', () => {
      clearTimeout(limit);
      resolve();
    });
    if (child.connected) child.disconnect();
  });
}

import { PassThrough, Readable } from 'node:stream';
import type { ProgramDependencies } from '../../src/cli/dependencies.ts';
import { createLoader } from '../support/loader.ts';

/** A stream that remembers what was written, as a terminal is not. */
export function memory(): { readonly stream: NodeJS.WriteStream; readonly text: () => string } {
  const stream = new PassThrough();
  const chunks: string[] = [];
  stream.on('data', (chunk) => chunks.push(String(chunk)));
  return {
    stream: Object.assign(stream, { isTTY: false }) as unknown as NodeJS.WriteStream,
    text: () => chunks.join(''),
  };
}

const opensNothing = (): never => {
  throw new Error('this command opens nothing');
};

/** Dependencies for commands that start no gateway. */
export function dependencies(
  more: Partial<ProgramDependencies>,
): ProgramDependencies & { readonly out: () => string; readonly err: () => string } {
  const [stdout, stderr] = [memory(), memory()];
  return {
    startGateway: () => {
      throw new Error('this command starts no gateway');
    },
    openOffline: opensNothing,
    backups: { take: opensNothing, keep: opensNothing, restore: opensNothing },
    openSheets: opensNothing,
    adapters: new Map(),
    mappings: { platforms: () => [], tables: () => [], codeSystems: () => [] },
    loadAdapters: createLoader(),
    variables: {},
    clock: { sleep: opensNothing },
    stdin: Readable.from([]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    ...more,
    out: stdout.text,
    err: stderr.text,
  };
}

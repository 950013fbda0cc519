import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * What an adapter prints may name a patient, and may be without end, so none of it leaves the thread: neither by its
 * streams, nor by the descriptors behind them, to which loggers write. A thread has built-in modules of its own: what is
 * changed here is changed for it alone.
 */
export function silence(): void {
  for (const stream of [process.stdout, process.stderr]) stream.write = quiet;
  // Node writes warnings by this one.
  Object.assign(process, { _rawDebug: () => undefined });
  for (const name of ['write', 'writeSync', 'writev', 'writevSync'] as const) {
    const real = fs[name] as (fd: number, ...rest: unknown[]) => unknown;
    const silent = (fd: number, ...rest: unknown[]): unknown =>
      fd === 1 || fd === 2 ? taken(rest) : real(fd, ...rest);
    Object.assign(fs, { [name]: silent });
  }
  syncBuiltinESMExports();
}

/** As if all of it had been written. */
function taken([data, ...rest]: readonly unknown[]): number {
  const parts = (Array.isArray(data) ? data : [data]) as (string | NodeJS.ArrayBufferView)[];
  const bytes = parts.reduce((sum, each) => sum + Buffer.byteLength(each), 0);
  const done = rest.at(-1);
  if (typeof done === 'function') process.nextTick(done as (...answer: unknown[]) => void, null, bytes, data);
  return bytes;
}

const quiet = ((_chunk: unknown, encoding: unknown, callback: unknown): boolean => {
  const done = typeof encoding === 'function' ? encoding : callback;
  if (typeof done === 'function') process.nextTick(done as () => void);
  return true;
}) as typeof process.stdout.write;

import { constants, type FileHandle, open } from 'node:fs/promises';
import { Fault } from '../faults.ts';
import { BYTES_MAX, HEAD_BYTES, type PublishedDocument } from './document.ts';
import { textOf } from './text.ts';

/**
 * One document in a file of this machine, which the configuration names and nothing else does. Whoever writes it does so in one
 * step, by a rename; one that changes while it is read is read another time.
 * @param label how messages name it: not by its path, which an operator may not want in a log.
 */
export function openFileDocument(path: string, label: string): PublishedDocument {
  return {
    get: (known, signal) =>
      withFile(path, label, async (file) => {
        signal.throwIfAborted();
        const state = await stateOf(file, label);
        if (known?.etag === state) return { kind: 'same', trueAt: null };
        const bytes = await read(file, BYTES_MAX + 1);
        if (bytes.length > BYTES_MAX) throw new Fault('malformed', `${label}: more than ${BYTES_MAX} bytes`);
        if ((await stateOf(file, label)) !== state)
          throw new Fault('unavailable', `${label}: it is being written`);
        const validators = { etag: state, modified: null };
        return { kind: 'text', text: textOf(bytes, undefined), validators, trueAt: null };
      }),
    head: (signal) =>
      withFile(path, label, async (file) => {
        signal.throwIfAborted();
        await stateOf(file, label);
        return (await read(file, HEAD_BYTES)).toString('latin1').replaceAll('\0', '');
      }),
    close: () => undefined,
  };
}

/** What a file is that has not changed: another file under the same name is another, whatever its age. */
async function stateOf(file: FileHandle, label: string): Promise<string> {
  const found = await file.stat({ bigint: true });
  // A pipe or a device would have no end.
  if (!found.isFile()) throw new Fault('malformed', `${label}: it is no regular file`);
  return `${found.ino}-${found.size}-${found.mtimeNs}`;
}

/** Up to so many bytes, whatever its size is said to be. */
async function read(file: FileHandle, bytesMax: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  while (length < bytesMax) {
    const buffer = Buffer.alloc(Math.min(64 * 1024, bytesMax - length));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, length);
    if (bytesRead === 0) break;
    parts.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  return Buffer.concat(parts);
}

const CODES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
  EISDIR: 'it is a folder',
};

/** @throws Fault `unavailable`: a file that is not there says nothing, and is no empty one. */
async function withFile<T>(path: string, label: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  let file: FileHandle | null = null;
  try {
    // A pipe is not waited for.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return await work(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    if (code === null) throw error;
    throw new Fault('unavailable', `${label}: ${CODES[code] ?? code}`);
  } finally {
    await file?.close();
  }
}

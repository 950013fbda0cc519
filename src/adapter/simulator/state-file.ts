import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

/** A simulator's memory on disk, so that a demonstration that is started again keeps its data. */

const SAVE_AFTER_MILLISECONDS = 250;
const FORMAT = 1;

/**
 * The state of the file, or null when there is no file.
 * @throws Error when it cannot be read as one: the data of a demonstration is not thrown away in silence.
 */
export async function loadState<State>(
  file: string,
  platform: string,
  schema: z.ZodType<State>,
): Promise<State | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const envelope = z.object({ format: z.literal(FORMAT), platform: z.literal(platform), state: schema });
  try {
    return envelope.parse(JSON.parse(text)).state;
  } catch (cause) {
    throw new Error(`${file} is not the state of a ${platform} simulator; move it away to start afresh`, {
      cause,
    });
  }
}

export type StateFile = {
  /** Saves a moment from now: one write for a burst of changes. */
  readonly touch: () => void;
  /** Saves what is not saved yet. */
  readonly close: () => Promise<void>;
};

/** Writes beside the file and renames: a reader, or a power cut, sees the old state or the new, never half of one. */
export function createStateFile(file: string, platform: string, state: () => unknown): StateFile {
  let timer: NodeJS.Timeout | null = null;
  let saving: Promise<void> = Promise.resolve();

  async function save(): Promise<void> {
    timer = null;
    const text = JSON.stringify({ format: FORMAT, platform, state: state() });
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.${process.pid}.tmp`, text);
    await rename(`${file}.${process.pid}.tmp`, file);
  }
  const saveInTurn = (): Promise<void> => {
    saving = saving.catch(() => undefined).then(save);
    return saving;
  };

  return {
    touch: () => {
      timer ??= setTimeout(() => {
        saveInTurn().catch((error: Error) => console.error(`simulator ${platform}: ${error.message}`));
      }, SAVE_AFTER_MILLISECONDS);
    },
    close: async () => {
      if (timer) clearTimeout(timer);
      await saving.catch(() => undefined);
      await save();
    },
  };
}

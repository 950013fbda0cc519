import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError } from './operator-error.ts';

/** A living process has it. */
export class FolderInUse extends OperatorError {
  override readonly name: string = 'FolderInUse';
}

/**
 * The embedded database has one owner. A file with the owner's process id says who; one that was left behind by a
 * process that is gone is taken over.
 * @returns what gives it back. @throws FolderInUse when a living process owns the folder.
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'owner.pid');
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = ownerOf(file);
    if (owner !== null && owner !== process.pid && isAlive(owner)) {
      throw new FolderInUse(
        `${folder} is in use by process ${owner}: stop it first, or set PASSERELLE_DATA to another folder`,
      );
    }
    rmSync(file, { force: true });
  }
}

function ownerOf(file: string): number | null {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    // It was given back between the two looks.
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, as another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

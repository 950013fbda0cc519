import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Adapter } from '../adapter/contract.ts';
import { ConfigurationError } from '../config/problems.ts';
import { adapterOf } from './adapter.ts';
import type { Description } from './description.ts';
import { DescriptionError, readDescription } from './read-description.ts';

/** Descriptions in files, where there is no thread for them: as they are verified, by who wrote them. */

/** @throws ConfigurationError with all that is wrong with it. */
export function readDescriptionFile(file: string): Description {
  try {
    return readDescription(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof DescriptionError) throw new ConfigurationError(file, error.problems);
    throw error;
  }
}

/** The adapter that a file describes. @throws ConfigurationError */
export const describedAdapter = (file: string | URL): Adapter =>
  adapterOf(readDescriptionFile(file instanceof URL ? fileURLToPath(file) : file));

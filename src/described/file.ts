import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Adapter } from '../adapter/contract.ts';
import { ConfigurationError } from '../config/problems.ts';
import { adapterOf } from './adapter.ts';
import { DescriptionError, readDescription } from './read-description.ts';

/**
 * The adapter that a file describes, where there is no thread for it: in the suite, by who wrote it.
 * @throws ConfigurationError with all that is wrong with it.
 */
export function describedAdapter(file: string | URL): Adapter {
  const path = file instanceof URL ? fileURLToPath(file) : file;
  try {
    return adapterOf(readDescription(readFileSync(path, 'utf8')));
  } catch (error) {
    if (error instanceof DescriptionError) throw new ConfigurationError(path, error.problems);
    throw error;
  }
}

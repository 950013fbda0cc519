import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GatewayEnvironment, Variables } from '../config/environment.ts';
import { secretsFolder } from '../config/outside.ts';
import { type Demonstration, demonstration, demonstrationFile, WEBHOOK_FILE } from './demonstration.ts';

/**
 * The demonstration as it lies in the data folder: its secrets and its configuration, each written where it is not there.
 * @param fromNothing the configuration is not: whoever starts it wants to set up a clinic.
 */
export async function layOut(
  environment: GatewayEnvironment,
  variables: Variables,
  fromNothing: boolean,
): Promise<Demonstration & { readonly file: string }> {
  // As it was read: PASSERELLE_DATA has a default.
  const settled = { ...variables, PASSERELLE_DATA: environment.dataFolder };
  const folder = secretsFolder(settled);
  const secret = await readFile(join(folder, WEBHOOK_FILE), 'utf8').catch(() => null);
  const laidOut = demonstration(environment, settled, secret?.trim() || null);
  await mkdir(environment.dataFolder, { recursive: true, mode: 0o700 });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [name, text] of laidOut.secrets) await writeOnce(join(folder, name), text);
  const file = demonstrationFile(environment);
  if (!fromNothing) await writeOnce(file, laidOut.text);
  return { ...laidOut, file };
}

async function writeOnce(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

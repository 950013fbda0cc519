import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../system/operator-error.ts';

const BYTES = 32;
// What bearer tokens are written with (RFC 6750, section 2.1), and long enough not to be guessed.
const TOKEN = /^[A-Za-z0-9\-._~+/]{32,512}=*$/;

/**
 * The administrator's token, from `admin-token` in the data folder. The first start makes it, readable by its owner
 * only. It is written beside its place first: a link decides between two first starts, and the loser reads all that the winner wrote.
 * @throws OperatorError that says what to do, when it can neither be made nor read.
 */
export async function adminToken(dataFolder: string): Promise<string> {
  const path = join(dataFolder, 'admin-token');
  try {
    await mkdir(dataFolder, { recursive: true });
  } catch (error) {
    throw new OperatorError(`the data folder ${dataFolder} cannot be made (${codeOf(error)})`);
  }
  return (await readToken(path)) ?? (await makeToken(path)) ?? adminToken(dataFolder);
}

/** Null = another has made one meanwhile. */
async function makeToken(path: string): Promise<string | null> {
  // Hexadecimal, so that it never begins with a dash, as an argument of a command must not.
  const made = randomBytes(BYTES).toString('hex');
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    await writeFile(draft, `${made}\n`, { flag: 'wx', mode: 0o600 });
    await link(draft, path);
    return made;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return null;
    throw new OperatorError(`the administrator's token cannot be written to ${path} (${codeOf(error)})`);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Null = there is none yet. */
async function readToken(path: string): Promise<string | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw new OperatorError(
      `the administrator's token cannot be read from ${path} (${codeOf(error)}): ` +
        'give this user access to the file, or delete it to have a new one made',
    );
  }
  const token = text.trim();
  if (TOKEN.test(token)) return token;
  throw new OperatorError(
    `${path} holds no token (32 or more letters, digits, - . _ ~ + /): delete it to have a new one made`,
  );
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'no code';

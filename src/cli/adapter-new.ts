import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { CONTRACTS, KINDS, type OperationName } from '../adapter/contract.ts';
import { packageRoot } from '../system/package-root.ts';
import { CommandFailure, type ProgramDependencies } from './dependencies.ts';
import { ID, OPERATIONS, scaffold, type Wanted } from './scaffold.ts';

/** What was said on the command line; what was not is asked, or is as most have it. */
export type NewOptions = {
  readonly folder: string | undefined;
  readonly titleFr: string | undefined;
  readonly titleEn: string | undefined;
  readonly kind: string | undefined;
  readonly contract: string | undefined;
  readonly pull: string | undefined;
  readonly operations: readonly string[] | undefined;
};

type Given = Pick<ProgramDependencies, 'adapters' | 'stdin' | 'stdout'>;
type Ask = (question: string, fallback: string) => Promise<string>;

const TEMPLATES = join(packageRoot, 'templates', 'adapter');
const PULLS = ['snapshot', 'delta'] as const;

/**
 * `passerelle adapter new <id>`: writes a package that compiles and runs the suite, red where the platform is not known yet.
 * @throws CommandFailure when an answer is none, or there is something in the folder.
 */
export async function newAdapter(given: Given, id: string, options: NewOptions): Promise<void> {
  if (!ID.test(id)) {
    throw new CommandFailure(
      `"${id}" is no id: small letters and digits, words joined by dashes, as acme-clinic`,
    );
  }
  if (given.adapters.has(id)) throw new CommandFailure(`${id} is there already: passerelle adapter list`);
  const folder = resolve(options.folder ?? `passerelle-adapter-${id}`);
  if (existsSync(folder) && (await readdir(folder)).length > 0) {
    throw new CommandFailure(`${folder} is not empty: name another by --folder`);
  }
  const wanted = await wantedOf(given, id, options);
  const files = scaffold(wanted, await templates(), await version());
  for (const [path, text] of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const shown = relative(process.cwd(), folder).startsWith('..')
    ? folder
    : relative(process.cwd(), folder) || '.';
  given.stdout.write(
    `${files.size} files in ${shown}\n\n` +
      `  cd ${shown}\n  npm install\n  npm test\n\n` +
      'What is red names what is not known yet. README.md has what is left, in its order.\n',
  );
}

async function wantedOf({ stdin, stdout }: Given, id: string, options: NewOptions): Promise<Wanted> {
  const isTerminal = 'isTTY' in stdin && stdin.isTTY === true;
  const lines = isTerminal ? createInterface({ input: stdin, output: stdout }) : null;
  const ask: Ask = async (question, fallback) =>
    (lines && (await lines.question(`${question} [${fallback}] `)).trim()) || fallback;
  try {
    const en = options.titleEn ?? (await ask('Its name in English', id));
    const fr = options.titleFr ?? (await ask('Its name in French', en));
    const choose = async <T extends string>(
      name: string,
      said: string | undefined,
      among: readonly [T, ...T[]],
    ) => oneOf(name, said ?? (await ask(`${name}: ${among.join(', ')}`, among[0])), among);
    return {
      id,
      title: { fr, en },
      kind: await choose('kind', options.kind, KINDS),
      contract: await choose('contract', options.contract, CONTRACTS),
      pull: await choose('pull', options.pull, PULLS),
      operations: operationsIn(
        options.operations ??
          (await ask(`operations: some of ${OPERATIONS.join(', ')}, or none`, 'block unblock')).split(
            /[\s,]+/,
          ),
      ),
    };
  } finally {
    lines?.close();
  }
}

function oneOf<T extends string>(name: string, said: string, among: readonly T[]): T {
  const found = among.find((each) => each === said);
  if (found === undefined) throw new CommandFailure(`${name} is one of ${among.join(', ')}, not "${said}"`);
  return found;
}

/** In the order of the contract, each once. */
function operationsIn(said: readonly string[]): readonly OperationName[] {
  const named = said
    .filter((each) => each !== '' && each !== 'none')
    .map((each) => oneOf('an operation', each, OPERATIONS));
  return OPERATIONS.filter((name) => named.includes(name));
}

async function templates(): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(TEMPLATES, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = paths
    .sort()
    .map(
      async (path): Promise<[string, string]> => [
        relative(TEMPLATES, path).replaceAll('\\', '/'),
        await readFile(path, 'utf8'),
      ],
    );
  return new Map(await Promise.all(texts));
}

async function version(): Promise<string> {
  const { version: found } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  return found;
}

import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { CONTRACTS, KINDS, type OperationName } from '../adapter/contract.ts';
import { packageRoot } from '../system/package-root.ts';
import { CommandFailure, type ProgramDependencies } from './dependencies.ts';
import { ID, type Named, OPERATIONS, scaffold, scaffoldDescription, type Wanted } from './scaffold.ts';

/** What was said on the command line; what was not is asked, or is as most have it. */
export type NewOptions = {
  readonly folder: string | undefined;
  readonly titleFr: string | undefined;
  readonly titleEn: string | undefined;
  readonly kind: string | undefined;
  readonly contract: string | undefined;
  readonly pull: string | undefined;
  readonly operations: readonly string[] | undefined;
  /** A description rather than a package. */
  readonly lowCode?: boolean;
};

type Given = Pick<ProgramDependencies, 'adapters' | 'stdin' | 'stdout'>;
type Ask = (question: string, fallback: string) => Promise<string>;

const TEMPLATES = join(packageRoot, 'templates');
const PULLS = ['snapshot', 'delta'] as const;

/**
 * `passerelle adapter new <id>`: writes a package that compiles and runs the suite, red where the platform is not known yet;
 * or a description, with all that it may say.
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
  const files = options.lowCode
    ? scaffoldDescription(await namedOf(given, id, options), await templates('low-code'))
    : scaffold(await wantedOf(given, id, options), await templates('adapter'), await version());
  for (const [path, text] of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const shown = relative(process.cwd(), folder).startsWith('..')
    ? folder
    : relative(process.cwd(), folder) || '.';
  given.stdout.write(
    `${files.size} files in ${shown}\n\n${options.lowCode ? described(shown, id) : PACKAGE(shown)}`,
  );
}

const PACKAGE = (folder: string): string =>
  `  cd ${folder}\n  npm install\n  npm test\n\n` +
  'What is red names what is not known yet. README.md has what is left, in its order.\n';

const described = (folder: string, id: string): string =>
  `  passerelle adapter list ./${join(folder, id)}.yaml     whether it can be used, and where it cannot\n` +
  `  passerelle adapter verify ./${join(folder, id)}.yaml   the conformance suite, once ${id}.conformance.mjs has its hands\n\n` +
  'Every line of it says what it is for; docs/low-code.md has the rest.\n';

type Choose = <T extends string>(
  name: string,
  said: string | undefined,
  among: readonly [T, ...T[]],
) => Promise<T>;

/** Asks a person what was not said; where there is none, it is as most have it. */
async function asking<Answers>(
  { stdin, stdout }: Given,
  answers: (ask: Ask, choose: Choose) => Promise<Answers>,
): Promise<Answers> {
  const isTerminal = 'isTTY' in stdin && stdin.isTTY === true;
  const lines = isTerminal ? createInterface({ input: stdin, output: stdout }) : null;
  const ask: Ask = async (question, fallback) =>
    (lines && (await lines.question(`${question} [${fallback}] `)).trim()) || fallback;
  const choose: Choose = async (name, said, among) =>
    oneOf(name, said ?? (await ask(`${name}: ${among.join(', ')}`, among[0])), among);
  try {
    return await answers(ask, choose);
  } finally {
    lines?.close();
  }
}

const namedOf = (given: Given, id: string, options: NewOptions): Promise<Named> =>
  asking(given, (ask, choose) => named(id, options, ask, choose));

async function named(id: string, options: NewOptions, ask: Ask, choose: Choose): Promise<Named> {
  const en = options.titleEn ?? (await ask('Its name in English', id));
  const fr = options.titleFr ?? (await ask('Its name in French', en));
  return {
    id,
    title: { fr, en },
    kind: await choose('kind', options.kind, KINDS),
    contract: await choose('contract', options.contract, CONTRACTS),
  };
}

const wantedOf = (given: Given, id: string, options: NewOptions): Promise<Wanted> =>
  asking(given, async (ask, choose) => ({
    ...(await named(id, options, ask, choose)),
    pull: await choose('pull', options.pull, PULLS),
    operations: operationsIn(
      options.operations ??
        (await ask(`operations: some of ${OPERATIONS.join(', ')}, or none`, 'block unblock')).split(/[\s,]+/),
    ),
  }));

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

async function templates(of: 'adapter' | 'low-code'): Promise<ReadonlyMap<string, string>> {
  const folder = join(TEMPLATES, of);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = paths
    .sort()
    .map(
      async (path): Promise<[string, string]> => [
        relative(folder, path).replaceAll('\\', '/'),
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

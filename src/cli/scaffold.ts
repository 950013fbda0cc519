import type { Manifest, OperationName } from '../adapter/contract.ts';

/** A new adapter as a package of its own, from the templates and from what is known of its platform. */

export type Named = Pick<Manifest, 'id' | 'title' | 'kind' | 'contract'>;

export type Wanted = Named & {
  readonly pull: 'snapshot' | 'delta';
  readonly operations: readonly OperationName[];
};

/** What each has to do, for whoever writes it. */
const TASKS: Record<OperationName, string> = {
  publish: 'Puts a slot on offer, under our mark; with `known`, changes what stands there.',
  withdraw: 'Takes a slot that we published off the offer; `taken` if somebody booked it there.',
  block: 'Closes the interval to new bookings, under our mark. What is booked inside of it stays.',
  unblock: 'Takes away what `block` made, and nothing that is not ours.',
  hold: 'Takes the time for a while, without a patient; says until when it is granted.',
  release: 'Lets a hold go. It never takes an appointment away.',
  book: 'Makes an appointment, of our hold where there is one; `taken` if somebody has the time.',
  cancel: 'Cancels an appointment; `gone` if it is there no more.',
  move: 'Gives a booking another time, under the same id; `taken` if somebody has that time.',
};

export const OPERATIONS = Object.keys(TASKS) as readonly OperationName[];

/** An id is a folder, a word in YAML and a part of a package's name. */
export const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** @param templates texts by their path, each ending in `.txt`. @returns the files of the package, by their path. */
export function scaffold(
  wanted: Wanted,
  templates: ReadonlyMap<string, string>,
  passerelle: string,
): ReadonlyMap<string, string> {
  const values = valuesOf(wanted, passerelle);
  const files = [...templates].map(([path, text]): [string, string] => {
    const to = path.replace(/\.txt$/, '').replaceAll('__id__', wanted.id);
    return [to === 'gitignore' ? '.gitignore' : to, filled(text, values)];
  });
  return new Map([...files, ['src/operations.ts', operationsOf(wanted.operations)]]);
}

/** A description with its tables, and what the suite is run on. @returns as `scaffold`. */
export const scaffoldDescription = (
  { id, title, kind, contract }: Named,
  templates: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> => {
  const values = { id, kind, contract, titleFr: quoted(title.fr), titleEn: quoted(title.en) };
  return new Map(
    [...templates].map(([path, text]) => [
      path.replace(/\.txt$/, '').replaceAll('__id__', id),
      filled(text, values),
    ]),
  );
};

const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/__(\w+?)__/g, (whole, name: string) => values[name] ?? whole);

/** Within a string of single quotes; in prose and JSON it does no harm. */
const quoted = (text: string): string => text.replace(/["'\\]/g, '’');

function valuesOf(
  { id, title, kind, contract, pull, operations }: Wanted,
  passerelle: string,
): Readonly<Record<string, string>> {
  const writes = operations.length > 0;
  return {
    ...{ id, kind, contract, pull, passerelle },
    titleFr: quoted(title.fr),
    titleEn: quoted(title.en),
    idempotency: writes ? 'lookup' : 'none',
    operations: operations.map((name) => `'${name}'`).join(', '),
    readBackImport: writes ? ', createReadBack' : '',
    readBack: writes ? '      readBack: createReadBack(client, normalize),\n' : '',
    deltaNote: pull === 'delta' ? ', until somebody writes how it goes on from a cursor' : '',
  };
}

function operationsOf(operations: readonly OperationName[]): string {
  if (operations.length === 0) return NO_OPERATIONS;
  const declared = `type Declared = ${operations.map((name) => `'${name}'`).join(' | ')};`;
  const lines = operations.map((name, index) => `  | '${name}'${index === operations.length - 1 ? ';' : ''}`);
  return [
    "import type { Operations, Platform } from 'passerelle/adapter';",
    "import type { Client } from './client.ts';",
    "import type { Normalizer } from './normalize.ts';",
    '',
    '/** What is not known yet says so: the suite is red there, until it is. */',
    'const notYet = (what: string) => async (): Promise<never> => {',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is one of the file that is written.
    '  throw new Error(`${what} is not written yet: src/operations.ts`);',
    '};',
    '',
    declared.length <= LINE_MAX ? declared : ['type Declared =', ...lines].join('\n'),
    '',
    'export const createOperations = (_client: Client): Pick<Operations, Declared> => ({',
    ...operations.flatMap((name) => [`  /** ${TASKS[name]} */`, `  ${name}: notYet('${name}'),`]),
    '});',
    '',
    '/** Every row that carries the mark; empty = it was looked for, and is not there. */',
    "export const createReadBack = (_client: Client, _normalize: Normalizer): NonNullable<Platform['readBack']> =>",
    "  notYet('readBack');",
    '',
  ].join('\n');
}

/** As the formatter breaks them. */
const LINE_MAX = 110;

const NO_OPERATIONS = `import type { Operations } from 'passerelle/adapter';
import type { Client } from './client.ts';

/** It is only read. */
export const createOperations = (_client: Client): Partial<Operations> => ({});
`;

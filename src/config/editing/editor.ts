import type { InstalledAdapter } from '../../adapter/isolated.ts';
import type { Linkable } from '../../domain/calendar-suggestions.ts';
import type { LoadAdapters } from '../adapters.ts';
import type { Variables } from '../environment.ts';
import { configurationJsonSchema } from '../json-schema.ts';
import { type Outside, outsideOf, secretsFolder } from '../outside.ts';
import { ConfigurationError, formatPath, type Path, type Problem } from '../problems.ts';
import { isMapping } from '../raw.ts';
import { adaptersOf, checkConfiguration, readConnection } from '../read-configuration.ts';
import { type JsonSchema, jsonSchemaOf } from '../schema-node.ts';
import type { ConfiguredConnection } from '../settings.ts';
import { type Edit, type Entry, editText, NotEditable } from './edit.ts';
import { canWrite, readText, revisionOf, type Text, writeText } from './file.ts';
import { forgetSecrets, keepSecrets, nameOfSecret, unusedSecrets } from './kept-secrets.ts';
import { linkableIn, linkedIn } from './links.ts';
import { changedKeys, documentIn, fieldOf, itemIn, placeOf, readAs, shownDocument } from './raw-document.ts';
import { type Fault, referencesIn, takenSettings } from './secret-settings.ts';

/** Reads the configuration file for whoever is to change it, and changes it: what would not start is never written. */

export type ConfigurationEditor = {
  readonly state: () => Promise<ConfigurationState>;
  /** What would be wrong with the file; none = it could be written. @throws NothingToRemove */
  readonly check: (edit: Edit) => Promise<readonly ItemProblem[]>;
  /**
   * @param revision that the caller has seen.
   * @param before is called when all is well and nothing is written so far; where it rejects nothing is.
   * @throws NothingToRemove
   */
  readonly write: (
    edit: Edit,
    revision: string,
    before: (changed: ChangedKeys) => Promise<void>,
  ) => Promise<WriteOutcome>;
  /** A connection as it would be, to be tried: nothing is written, and what else is wrong with the file does not matter. */
  readonly trial: (id: string, value: Entry) => Promise<ConnectionTrial>;
  /** JSON Schema (draft 7) of the file, with the settings of every platform that may be named in it. */
  readonly schema: () => Promise<JsonSchema>;
  /** Has whoever runs by the file look at it now. */
  readonly announce: () => void;
};

export type ConfigurationState = {
  readonly revision: string;
  /** Of what this process runs by. */
  readonly running: string;
  readonly writable: 'yes' | 'read-only' | 'not-editable';
  /** Nothing has been configured so far, and the first change makes the file. */
  readonly exists: boolean;
  /** Without secrets; null = the file is no YAML. */
  readonly document: Entry | null;
  readonly problems: readonly ItemProblem[];
  /** Why it runs by another than the file has, where that could not be started; null = it was not tried. */
  readonly failed: FailedStart | null;
  readonly offered: readonly OfferedConnection[];
};

export type FailedStart = { readonly revision: string; readonly reason: string };

/** One that can be added as it is, but for its calendars: of a demonstration. */
export type OfferedConnection = {
  readonly connection: Entry;
  /** The platform's own ids of them. */
  readonly calendars: readonly string[];
};

export type ConnectionTrial =
  /** Of the connection itself, but for its calendars. */
  | { readonly problems: readonly ItemProblem[]; readonly connection: null }
  | {
      readonly problems: readonly [];
      /** It holds secrets: never log it. */
      readonly connection: ConfiguredConnection;
      /** Names of the keys in which it is another than stands in the file. */
      readonly keys: readonly string[];
      /** Schedules by the ids of the calendars that are linked to them. */
      readonly linked: ReadonlyMap<string, string>;
      readonly linkable: Linkable;
    };

export type ItemProblem = Problem & {
  /** Within what the edit is about, as `settings.baseUrl`; empty = of it as a whole; null = elsewhere. */
  readonly field: string | null;
};

/** Names of keys, never a value. */
export type ChangedKeys = {
  readonly before: string;
  readonly after: string;
  readonly keys: readonly string[];
};

export type WriteOutcome =
  | { readonly outcome: 'written'; readonly revision: string }
  | { readonly outcome: 'unchanged'; readonly revision: string }
  /** Somebody else has changed it meanwhile. */
  | { readonly outcome: 'superseded'; readonly revision: string }
  | { readonly outcome: 'refused'; readonly problems: readonly ItemProblem[] }
  | { readonly outcome: 'read-only' };

export type EditorOptions = {
  readonly file: string;
  readonly adapters: ReadonlyMap<string, InstalledAdapter>;
  readonly variables: Variables;
  readonly load: LoadAdapters;
  readonly running: () => string;
  readonly failed: () => FailedStart | null;
  readonly announce: () => void;
  readonly offered: readonly OfferedConnection[];
};

type Prepared = {
  readonly text: string;
  readonly secrets: ReadonlyMap<string, string>;
  readonly problems: readonly ItemProblem[];
};

export function createEditor(options: EditorOptions): ConfigurationEditor {
  const { file, adapters, variables, load, running, failed, announce, offered } = options;
  const folder = secretsFolder(variables);
  const offeredReferences = referencesIn(offered);

  /** Ours alone where one of those that it names cannot be used: the problems of the file say so. */
  const adaptersIn = (text: string) =>
    adaptersOf(text, file, adapters, load).catch((error: unknown) => {
      if (error instanceof ConfigurationError) return adapters;
      throw error;
    });

  /** Secrets that are not written yet are read as if they were. */
  function outsideWith(secrets: ReadonlyMap<string, string>): Outside {
    const outside = outsideOf(variables);
    const fileNamed = (name: string) => {
      const secret = secrets.get(name);
      return secret === undefined ? outside.fileNamed(name) : { text: secret };
    };
    return { ...outside, fileNamed };
  }

  async function problemsOf(text: string, secrets: ReadonlyMap<string, string>): Promise<readonly Problem[]> {
    try {
      await checkConfiguration(text, file, adapters, variables, load, outsideWith(secrets));
      return [];
    } catch (error) {
      if (error instanceof ConfigurationError) return error.problems;
      throw error;
    }
  }

  async function prepared(text: string, edit: Edit): Promise<Prepared> {
    const stored = itemIn(readAs(text), edit);
    const taking = await withoutSecrets(text, edit, stored);
    const changedText = editText(text, taking.edit);
    const place = placeOf(readAs(changedText), edit);
    const faults = [...taking.faults, ...identity(edit, stored)].map((fault) => problemOf(fault, place));
    const problems = await problemsOf(changedText, taking.secrets);
    return {
      text: changedText,
      secrets: taking.secrets,
      problems: [...faults, ...problems.map((each) => ({ ...each, field: fieldOf(each.path, place) }))],
    };
  }

  /** Null where the file cannot be edited: the problem says so. */
  async function preparedOr(text: string, edit: Edit) {
    try {
      const found = await prepared(text, edit);
      return { problems: found.problems, prepared: found };
    } catch (error) {
      if (error instanceof NotEditable) return { problems: [notEditable(error)], prepared: null };
      throw error;
    }
  }

  async function withoutSecrets(text: string, edit: Edit, stored: Entry) {
    const { list, value } = edit.kind === 'put' ? edit : { list: null, value: {} };
    if (edit.kind !== 'put' || list !== 'connections')
      return { edit, secrets: new Map<string, string>(), faults: [] };
    const platform = String(value['platform'] ?? '');
    const manifest = (await adaptersIn(text)).get(platform)?.manifest;
    const isSame = stored['platform'] === platform;
    const { settings, secrets, faults } = takenSettings({
      sent: isMapping(value['settings']) ? value['settings'] : {},
      stored: isSame && isMapping(stored['settings']) ? stored['settings'] : {},
      schema: manifest ? jsonSchemaOf(manifest.settings) : null,
      offered: offeredReferences,
      nameOf: (path) => nameOfSecret(edit.id, path),
    });
    // What is no mapping is for the schema to refuse.
    const written =
      value['settings'] === undefined || isMapping(value['settings']) ? settings : value['settings'];
    const isBare = value['settings'] === undefined && Object.keys(settings).length === 0;
    const taken: Edit = isBare ? edit : { ...edit, value: { ...value, settings: written } };
    return {
      edit: taken,
      secrets,
      faults: faults.map((fault) => ({ ...fault, path: ['settings', ...fault.path] })),
    };
  }

  async function write(
    edit: Edit,
    revision: string,
    before: (changed: ChangedKeys) => Promise<void>,
  ): Promise<WriteOutcome> {
    const now = await readText(file);
    if (now.revision !== revision) return { outcome: 'superseded', revision: now.revision };
    if (!(await canWrite(file))) return { outcome: 'read-only' };
    const { text, secrets, problems } = await prepared(now.text, edit);
    if (problems.length > 0) return { outcome: 'refused', problems };
    const after = revisionOf(text);
    if (after === revision && now.exists) return { outcome: 'unchanged', revision };
    const keys = changedKeys(itemIn(readAs(now.text), edit), itemIn(readAs(text), edit));
    await before({ before: revision, after, keys });
    await keepSecrets(folder, secrets);
    try {
      // What was recorded took a while: whoever has changed it meanwhile must not lose it.
      const { revision: latest } = await readText(file);
      if (latest !== revision) {
        await forgetSecrets(folder, secrets.keys());
        return { outcome: 'superseded', revision: latest };
      }
      await writeText(file, text);
    } catch (error) {
      await forgetSecrets(folder, secrets.keys());
      throw error;
    }
    const used = referencesIn([readAs(now.text), readAs(text), offered]).flatMap((each) =>
      'file' in each ? [each.file] : [],
    );
    await forgetSecrets(folder, await unusedSecrets(folder, new Set(used)));
    return { outcome: 'written', revision: after };
  }

  // One after the other, so that two that have seen the same revision are not both written.
  let last: Promise<unknown> = Promise.resolve();

  return {
    state: async () => stateOf(await readText(file), await canWrite(file)),
    check: async (edit) => (await preparedOr((await readText(file)).text, edit)).problems,
    write: (edit, revision, before) => {
      const written = last
        .then(() => write(edit, revision, before))
        .catch((error: unknown) => {
          if (error instanceof NotEditable)
            return { outcome: 'refused', problems: [notEditable(error)] } as const;
          throw error;
        });
      last = written.catch(() => undefined);
      return written;
    },
    trial: (id, value) => trialOf(id, value),
    schema: async () => configurationJsonSchema(await adaptersIn((await readText(file)).text)),
    announce,
  };

  async function trialOf(id: string, { calendars, ...value }: Entry): Promise<ConnectionTrial> {
    const { text } = await readText(file);
    const edit: Edit = { kind: 'put', list: 'connections', id, value: { ...value, calendars: [] } };
    const { problems, prepared: next } = await preparedOr(text, edit);
    const own = problems.filter(({ field }) => field !== null);
    const connection =
      next && own.length === 0
        ? await readConnection(next.text, id, file, adapters, load, outsideWith(next.secrets))
        : null;
    if (next === null || connection === null)
      return { problems: own.length > 0 ? own : problems, connection: null };
    const stored = itemIn(readAs(text), edit);
    return {
      ...{ problems: [], connection, linkable: linkableIn(readAs(text)) },
      keys: changedKeys({ ...stored, calendars: [] }, itemIn(readAs(next.text), edit)),
      linked: linkedIn(calendars ?? stored['calendars']),
    };
  }

  async function stateOf({ text, revision, exists }: Text, isWritable: boolean): Promise<ConfigurationState> {
    const document = documentIn(text);
    const problems = await problemsOf(text, new Map());
    return {
      revision,
      running: running(),
      writable: !isWritable ? 'read-only' : document === null ? 'not-editable' : 'yes',
      exists,
      document: document && shownDocument(document, await adaptersIn(text)),
      problems: problems.map((each) => ({ ...each, field: null })),
      failed: failed(),
      offered,
    };
  }
}

/** An id that changes is another resource to whoever knows it, and another organization to whoever is of it. */
function identity(edit: Edit, stored: Entry): readonly Fault[] {
  if (edit.kind === 'remove') return [];
  const was = edit.kind === 'put' ? edit.id : stored['id'];
  if (was === undefined || edit.value['id'] === was) return [];
  const id = String(was);
  return [
    {
      path: ['id'],
      message: `is "${id}", and an id does not change`,
      french: `est « ${id} », et un identifiant ne change pas`,
    },
  ];
}

const problemOf = ({ path, message, french }: Fault, place: Path): ItemProblem => ({
  line: 1,
  column: 1,
  path: formatPath([...place, ...path]),
  field: formatPath(path),
  message,
  french,
});

const notEditable = ({ message }: NotEditable): ItemProblem => ({
  ...{ line: 1, column: 1, path: '', field: null },
  message: `the file cannot be edited from here: ${message}`,
});

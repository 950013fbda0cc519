import express, { type Request, type Router } from 'express';
import type { ListName } from '../config/document.ts';
import { type Edit, NothingToRemove } from '../config/editing/edit.ts';
import type { ConfigurationEditor, ConfigurationState, ItemProblem } from '../config/editing/editor.ts';
import type { Clock } from '../domain/environment.ts';
import type { Bilingual } from '../domain/schedule.ts';
import { Refused } from '../fhir/outcomes.ts';
import type { Audit } from './auditing.ts';
import { ofAll } from './authentication.ts';
import * as routes from './contract/configuration.ts';
import type { BodyOf } from './contract/route.ts';
import { mount } from './mount.ts';
import { notTried, type TryConnection, trialAnswer, trialThrottle } from './trials.ts';

/** The configuration file, for the console: what it says, and changes of it. */

export type ConfigurationDependencies = {
  /** Null = whoever started this has made its configuration itself: there is no file. */
  readonly editor: ConfigurationEditor | null;
  readonly audit: Audit;
  readonly tryConnection: TryConnection;
  readonly clock: Pick<Clock, 'now'>;
  /** Logs an error that nobody foresaw. */
  readonly report: (error: unknown) => void;
  /** Whether more than one organization is configured here. */
  readonly areSeveral: boolean;
};

const REASONS: Readonly<Record<Exclude<ConfigurationState['writable'], 'yes'>, Bilingual>> = {
  'read-only': {
    fr: 'le fichier est en lecture seule pour la passerelle : donnez-lui le droit de l’écrire, ou modifiez-le où il est tenu',
    en: 'the file is read-only for the gateway: let it write it, or change it where it is kept',
  },
  'not-editable': {
    fr: 'le fichier n’est pas du YAML valide : corrigez-le à la main d’abord',
    en: 'the file is not valid YAML: mend it by hand first',
  },
};

/** What a list has, as the audit log names it: as the resources that it becomes. */
const ENTITIES: Readonly<Record<ListName, string>> = {
  connections: 'Connection',
  practitioners: 'Practitioner',
  locations: 'Location',
  services: 'HealthcareService',
  schedules: 'Schedule',
};

export const configurationApi = ({ editor, ...rest }: ConfigurationDependencies): Router =>
  editor === null ? express.Router() : routerOf({ editor, ...rest });

type Editing = ConfigurationDependencies & { readonly editor: ConfigurationEditor };

function routerOf({ editor, audit, areSeveral, tryConnection, clock, report }: Editing): Router {
  const router = express.Router();
  const throttle = trialThrottle(clock);
  // The file is of all organizations, and where there is one, it is that one's.
  if (areSeveral) router.use('/api/configuration', ofAll);

  mount(router, routes.readConfiguration, async ({ request, reply }) => {
    const state = await editor.state();
    request.res?.setHeader('etag', `"${state.revision}"`);
    return reply(200, answerOf(state));
  });

  mount(router, routes.readConfigurationSchema, async ({ reply }) => reply(200, await editor.schema()));

  mount(router, routes.checkConfigurationEdit, async ({ body, reply }) => {
    const asked = await body();
    const edit: Edit =
      asked.edit === 'organization' ? { kind: 'organization', value: asked.value } : editOf(asked);
    return reply(200, { problems: (await editor.check(edit).catch(nothing)).map(problemAnswer) });
  });

  mount(router, routes.tryConnection, async ({ request, body, reply }) => {
    const { id, value } = await body();
    throttle();
    const trial = await editor.trial(id, { id, ...value });
    if (trial.connection === null) return reply(200, notTried(trial.problems.map(problemAnswer)));
    // Where secrets go is recorded before they do.
    await audit(request, {
      type: 'configuration.tried',
      action: 'E',
      entities: [entityOf({ kind: 'put', list: 'connections', id, value })],
      detail: { keys: trial.keys.join(' ') },
    });
    return reply(200, trialAnswer(trial, await tryConnection(trial.connection), report));
  });

  const change = (request: Request, edit: () => Promise<Edit>) => changed({ editor, audit }, request, edit);

  mount(router, routes.putOrganization, async ({ request, body, reply }) => {
    const edit = async (): Promise<Edit> => ({ kind: 'organization', value: await body() });
    return reply(200, { revision: await change(request, edit) });
  });
  for (const { list, route } of routes.PUTS) {
    mount(router, route, async ({ request, params: { id }, body, reply }) => {
      const edit = async (): Promise<Edit> => ({ kind: 'put', list, id, value: { id, ...(await body()) } });
      return reply(200, { revision: await change(request, edit) });
    });
  }
  for (const { list, route } of routes.REMOVALS) {
    mount(router, route, async ({ request, params: { id }, reply }) => {
      const edit = async (): Promise<Edit> => ({ kind: 'remove', list, id });
      return reply(200, { revision: await change(request, edit) });
    });
  }
  return router;
}

/** @returns the revision of the file as it is now. */
async function changed(
  { editor, audit }: Pick<Editing, 'editor' | 'audit'>,
  request: Request,
  edit: () => Promise<Edit>,
): Promise<string> {
  const revision = ifMatch(request);
  const wanted = await edit();
  const outcome = await editor
    .write(wanted, revision, ({ before, after, keys }) =>
      audit(request, {
        type: 'configuration.changed',
        action: wanted.kind === 'remove' ? 'D' : 'U',
        entities: [entityOf(wanted)],
        detail: { before, configuration: after, keys: keys.join(' ') },
      }),
    )
    .catch(nothing);
  switch (outcome.outcome) {
    case 'written':
      // Whoever runs by the file closes this server first, and what is under way is answered before.
      request.res?.once('close', () => editor.announce());
      break;
    case 'unchanged':
      break;
    case 'superseded':
      throw superseded(outcome.revision);
    case 'read-only':
      throw new Refused('configuration-not-editable', { diagnostics: REASONS['read-only'] });
    case 'refused':
      throw refused(outcome.problems);
  }
  request.res?.setHeader('etag', `"${outcome.revision}"`);
  return outcome.revision;
}

type Listed = Exclude<BodyOf<typeof routes.checkConfigurationEdit>, { edit: 'organization' }>;

const editOf = (body: Listed): Edit =>
  body.edit === 'put'
    ? { kind: 'put', list: body.list, id: body.id, value: { id: body.id, ...body.value } }
    : { kind: 'remove', list: body.list, id: body.id };

/** Of the file that the caller has seen (RFC 9110, 13.1.1). @throws Refused */
function ifMatch(request: Request): string {
  const given = request.headers['if-match'];
  if (given === undefined) {
    throw new Refused('version-required', {
      diagnostics: {
        fr: 'If-Match : la révision comme elle était dans ETag de GET /api/configuration',
        en: 'If-Match: the revision as it was in ETag of GET /api/configuration',
      },
      expression: 'http.If-Match',
    });
  }
  return /^"([0-9a-f]{64})"$/.exec(given.trim())?.[1] ?? '';
}

const superseded = (revision: string): Refused =>
  new Refused(
    'version-mismatch',
    {
      diagnostics: {
        fr: 'le fichier a changé depuis : relisez GET /api/configuration, et refaites la modification',
        en: 'the file has changed meanwhile: read GET /api/configuration again, and make the change anew',
      },
      expression: 'http.If-Match',
    },
    { etag: `"${revision}"` },
  );

/** Nothing of it was written. Where nobody has said it in French it is said in English. */
const refused = (problems: readonly ItemProblem[]): Refused =>
  new Refused(
    'invalid-resource',
    problems.map(({ path, message, french = message }) => ({
      diagnostics: { fr: french, en: message },
      expression: path || 'configuration',
      code: 'value',
    })),
  );

function nothing(error: unknown): never {
  if (!(error instanceof NothingToRemove)) throw error;
  throw new Refused('not-found', {
    diagnostics: {
      fr: 'rien n’a cet id dans cette liste : voyez GET /api/configuration',
      en: 'nothing has this id in that list: see GET /api/configuration',
    },
  });
}

const entityOf = (edit: Edit): string =>
  edit.kind === 'organization'
    ? `Organization/${String(edit.value['id'])}`
    : `${ENTITIES[edit.list]}/${edit.id}`;

const answerOf = ({ writable, problems, ...state }: ConfigurationState): routes.ConfigurationAnswer => ({
  ...state,
  writable: { isWritable: writable === 'yes', reason: writable === 'yes' ? null : REASONS[writable] },
  problems: problems.map(problemAnswer),
  document: state.document && { ...state.document },
  offered: state.offered.map(({ connection, calendars }) => ({ connection, calendars: [...calendars] })),
});

const problemAnswer = ({
  path,
  field,
  line,
  column,
  message,
  french,
}: ItemProblem): routes.ProblemAnswer => ({
  ...{ path, field, line, column },
  message: { en: message, ...(french === undefined ? {} : { fr: french }) },
});

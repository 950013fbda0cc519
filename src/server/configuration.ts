import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { ListName } from '../config/document.ts';
import { type Edit, NothingToRemove } from '../config/editing/edit.ts';
import type { ConfigurationEditor, ConfigurationState, ItemProblem } from '../config/editing/editor.ts';
import type { Bilingual } from '../domain/schedule.ts';
import { parseJson, readBody } from '../fhir/body.ts';
import { bodyAs } from '../fhir/incoming.ts';
import { requireJson } from '../fhir/negotiation.ts';
import { Refused } from '../fhir/outcomes.ts';
import type { Audit } from './auditing.ts';
import { ofAll } from './authentication.ts';
import {
  CheckBody,
  type ConfigurationAnswer,
  EntryBody,
  ListParameter,
  type ProblemAnswer,
} from './contract/configuration.ts';

/** The configuration file, for the console: what it says, and changes of it. */

export type ConfigurationDependencies = {
  /** Null = whoever started this has made its configuration itself: there is no file. */
  readonly editor: ConfigurationEditor | null;
  readonly audit: Audit;
  /** Whether more than one organization is configured here. */
  readonly areSeveral: boolean;
};

const NO_OTHER_KEYS: Bilingual = {
  fr: 'une clé n’est pas prise ici : edit, list, id, value',
  en: 'there is a key that is not taken here: edit, list, id, value',
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

export function configurationApi({ editor, audit, areSeveral }: ConfigurationDependencies): Router {
  const router = express.Router();
  if (editor === null) return router;
  // The file is of all organizations, and where there is one, it is that one's.
  if (areSeveral) router.use('/api/configuration', ofAll);

  router.get('/api/configuration', async (_request, response) => {
    const state = await editor.state();
    response.setHeader('etag', `"${state.revision}"`);
    response.setHeader('cache-control', 'no-store');
    response.json(answerOf(state));
  });

  router.get('/api/configuration/schema', async (_request, response) => {
    response.json(await editor.schema());
  });

  router.post('/api/configuration/check', async (request, response) => {
    const body = bodyAs(CheckBody, await jsonOf(request), NO_OTHER_KEYS);
    const edit: Edit =
      body.edit === 'organization' ? { kind: 'organization', value: body.value } : editOf(body);
    response.json({ problems: (await editor.check(edit).catch(nothing)).map(problemAnswer) });
  });

  const changing =
    (edit: (request: Request) => Promise<Edit>): RequestHandler =>
    async (request, response) => {
      const revision = ifMatch(request);
      const wanted = await edit(request);
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
          response.once('close', () => editor.announce());
          return send(response, outcome.revision);
        case 'unchanged':
          return send(response, outcome.revision);
        case 'superseded':
          throw superseded(outcome.revision);
        case 'read-only':
          throw new Refused('configuration-not-editable', { diagnostics: REASONS['read-only'] });
        case 'refused':
          throw refused(outcome.problems);
      }
    };

  router.put(
    '/api/configuration/organization',
    changing(async (request) => ({
      kind: 'organization',
      value: bodyAs(EntryBody, await jsonOf(request), NO_OTHER_KEYS),
    })),
  );
  for (const list of ListParameter.options) {
    router.put(
      `/api/configuration/${list}/:id`,
      changing(async (request) => {
        const id = String(request.params['id']);
        const value = bodyAs(EntryBody, await jsonOf(request), NO_OTHER_KEYS);
        return { kind: 'put', list, id, value: { id, ...value } };
      }),
    );
    router.delete(
      `/api/configuration/${list}/:id`,
      changing(async (request) => ({ kind: 'remove', list, id: String(request.params['id']) })),
    );
  }
  return router;
}

type Listed = Exclude<(typeof CheckBody)['_output'], { edit: 'organization' }>;

const editOf = (body: Listed): Edit =>
  body.edit === 'put'
    ? { kind: 'put', list: body.list, id: body.id, value: { id: body.id, ...body.value } }
    : { kind: 'remove', list: body.list, id: body.id };

async function jsonOf(request: Request): Promise<unknown> {
  requireJson(request.headers['content-type']);
  return parseJson(await readBody(request));
}

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

/** Nothing of it was written. The words are those of the command line. */
const refused = (problems: readonly ItemProblem[]): Refused =>
  new Refused(
    'invalid-resource',
    problems.map(({ path, message }) => ({
      diagnostics: { fr: message, en: message },
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

function send(response: Response, revision: string): void {
  response.setHeader('etag', `"${revision}"`);
  response.json({ revision });
}

const answerOf = ({ writable, problems, ...state }: ConfigurationState): ConfigurationAnswer => ({
  ...state,
  writable: { isWritable: writable === 'yes', reason: writable === 'yes' ? null : REASONS[writable] },
  problems: problems.map(problemAnswer),
  document: state.document && { ...state.document },
  offered: state.offered.map(({ connection, calendars }) => ({ connection, calendars: [...calendars] })),
});

const problemAnswer = ({ path, field, line, column, message }: ItemProblem): ProblemAnswer => ({
  ...{ path, field, line, column },
  message: { en: message },
});

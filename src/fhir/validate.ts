import type { OperationOutcomeIssue } from 'fhir/r4.js';
import { inOther } from '../../mappings/fhir/bilingual.ts';
import type { R4Definitions } from '../../mappings/fhir/validation/definitions.ts';
import type { Bilingual } from '../domain/schedule.ts';
import { type Answer, ok } from './answer.ts';
import { argumentsIn } from './arguments.ts';
import type { Language } from './language.ts';
import type { Operation, OperationInput, OperationParameter } from './operation.ts';
import { operationOutcome, Refused } from './outcomes.ts';
import type { Resource } from './resource.ts';
import { contentIssues } from './validity.ts';

/**
 * `$validate` (R4, Resource-validate). What is not valid R4, or does not conform to the profile, is an error; what this
 * server would not do with it is a warning. It changes nothing.
 */

export type ValidateDependencies = {
  readonly type: Resource['type'];
  /** Read when there is something to validate. */
  readonly r4: () => R4Definitions;
  readonly read: Resource['read'];
  /** Whether it would be done, as far as can be told. @throws Refused as the interaction would. */
  readonly create: (body: unknown) => Promise<unknown>;
  readonly update: (id: string, body: unknown) => Promise<unknown>;
  /** Left out = none is deleted. */
  readonly delete?: (id: string) => Promise<unknown>;
};

export const validateOperation = (dependencies: ValidateDependencies): Operation => ({
  documentation: {
    fr:
      'Dit si la ressource est valide selon R4 et conforme au profil nommé, et si ce serveur la prendrait (mode). La ' +
      'réponse est 200 dans les deux cas.',
    en:
      'Says whether the resource is valid R4 and conforms to the profile that is named, and whether this server would ' +
      'take it (mode). The answer is 200 either way.',
  },
  base: 'http://hl7.org/fhir/OperationDefinition/Resource-validate',
  affectsState: false,
  needs: [{ type: dependencies.type, permission: 'r' }],
  parameters: PARAMETERS,
  type: async ({ body, context }) => {
    const { language } = context;
    return answer(await issuesOfType(dependencies, wanted(body, 'type'), language), language);
  },
  instance: async (id, input) => {
    const { language } = input.context;
    const { text } = await dependencies.read(id, { parameters: [], context: input.context, strict: false });
    return answer(await issuesOfInstance(dependencies, id, text, input), language);
  },
});

const PARAMETERS: readonly OperationParameter[] = [
  {
    name: 'resource',
    use: 'in',
    min: 0,
    max: 1,
    type: 'Resource',
    documentation: {
      fr: 'La ressource; nécessaire, sauf quand mode est delete ou profile.',
      en: 'The resource; it must be there unless mode is delete or profile.',
    },
  },
  {
    name: 'mode',
    use: 'in',
    min: 0,
    max: 1,
    type: 'code',
    documentation: {
      fr: 'create, update, delete ou profile; les trois derniers sur une ressource. Sans mode, seul le contenu compte.',
      en: 'create, update, delete or profile; the last three on one resource. Without it only the content counts.',
    },
  },
  {
    name: 'profile',
    use: 'in',
    min: 0,
    max: 1,
    type: 'uri',
    documentation: {
      fr: 'Le profil, par son URL canonique; sans lui, ceux d’ici que nomme meta.profile.',
      en: 'The profile, by its canonical URL; without it those of this server that meta.profile names.',
    },
  },
  {
    name: 'return',
    use: 'out',
    min: 1,
    max: 1,
    type: 'OperationOutcome',
    documentation: {
      fr: 'Ce qui ne va pas, ou que tout va.',
      en: 'What is wrong, or that all is well.',
    },
  },
];

const MODES = ['create', 'update', 'delete', 'profile'] as const;

type Wanted = {
  readonly mode: (typeof MODES)[number] | null;
  readonly profile: string | null;
  /** Undefined = there is none. */
  readonly resource: unknown;
};

/** @throws Refused when it cannot be told what is to be validated: that is no outcome of it, but an error (R4). */
function wanted(body: unknown, level: 'type' | 'instance'): Wanted {
  const { resource, mode: named, profile = null } = argumentsIn(PARAMETERS, body);
  const mode = MODES.find((each) => each === named) ?? null;
  if (mode === null && named !== undefined) {
    throw refused('mode', `doit être ${MODES.join(', ')}`, `must be one of ${MODES.join(', ')}`);
  }
  if (level === 'type' && mode !== null && mode !== 'create') {
    throw refused('mode', `${mode} se demande sur une ressource`, `${mode} is asked of one resource`);
  }
  if (profile !== null && typeof profile !== 'string') {
    throw refused('profile', 'doit être une URL', 'must be a URL');
  }
  if (mode === 'profile' && profile === null) {
    throw refused('profile', 'mode profile : nommez le profil', 'mode profile: name the profile');
  }
  if (mode === 'profile' && resource !== undefined) {
    throw refused('resource', 'mode profile : celle de l’adresse', 'mode profile: that of the address');
  }
  if (mode !== 'profile' && mode !== 'delete' && resource === undefined) {
    throw refused('resource', 'la ressource à valider manque', 'the resource to validate is missing');
  }
  return { mode, profile, resource };
}

async function issuesOfType(
  { type, r4, create }: ValidateDependencies,
  { mode, profile, resource }: Wanted,
  language: Language,
): Promise<OperationOutcomeIssue[]> {
  const issues = contentIssues(type, resource, profile, r4(), language);
  if (mode === null || issues.some(isError)) return issues;
  return [...issues, ...(await refusalOf(() => create(resource), language))];
}

/** @param text the JSON of what is there. */
async function issuesOfInstance(
  dependencies: ValidateDependencies,
  id: string,
  text: string,
  { body, context: { language } }: OperationInput,
): Promise<OperationOutcomeIssue[]> {
  const asked = wanted(body, 'instance');
  const { type, r4, update } = dependencies;
  switch (asked.mode) {
    case 'delete':
      if (dependencies.delete) return refusalOf(async () => dependencies.delete?.(id), language);
      return operationOutcome('error', 'not-allowed', [{ diagnostics: NOT_DELETED }], language).issue;
    case 'profile':
      return contentIssues(type, JSON.parse(text), asked.profile, r4(), language);
    case 'update': {
      const issues = contentIssues(type, asked.resource, asked.profile, r4(), language);
      if (issues.some(isError)) return issues;
      return [...issues, ...(await refusalOf(() => update(id, asked.resource), language))];
    }
    default:
      return issuesOfType(dependencies, asked, language);
  }
}

const NOT_DELETED: Bilingual = {
  fr: 'ce type ne se supprime pas d’ici : ce qui est annulé le reste',
  en: 'this type is not deleted here: what is cancelled stays so',
};

const isError = ({ severity }: OperationOutcomeIssue): boolean => severity === 'error';

/** What the server would not do is no fault of the resource. */
async function refusalOf(
  wouldDo: () => Promise<unknown>,
  language: Language,
): Promise<OperationOutcomeIssue[]> {
  try {
    await wouldDo();
    return [];
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return operationOutcome('warning', error.outcome, error.issues, language).issue;
  }
}

const ALL_OK: Bilingual = { fr: 'Tout est correct', en: 'All OK' };

function answer(issues: readonly OperationOutcomeIssue[], language: Language): Answer {
  const well: OperationOutcomeIssue = {
    severity: 'information',
    code: 'informational',
    details: { text: ALL_OK[language], _text: inOther(ALL_OK, language) },
    diagnostics: ALL_OK[language],
  };
  const isWell = issues.every(({ severity }) => severity === 'information');
  return ok(
    JSON.stringify({
      resourceType: 'OperationOutcome',
      language,
      issue: isWell ? [well, ...issues] : issues,
    }),
  );
}

const refused = (name: string, fr: string, en: string): Refused =>
  new Refused('invalid-parameter', {
    diagnostics: { fr, en },
    expression: `Parameters.parameter.where(name='${name}')`,
  });

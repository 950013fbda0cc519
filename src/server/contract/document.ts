import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../system/package-root.ts';
import { dutyOf, type Route, TAGS } from './route.ts';
import { ROUTES } from './routes.ts';

/**
 * The declared routes as an OpenAPI 3.1 document, whose schemas are JSON Schema 2020-12 (OAS 3.1.1, section 4.8.24), which is
 * what zod writes by itself.
 */

type Document = Json & { readonly openapi: string };
type Json = { readonly [key: string]: unknown };
type Schemas = {
  /** By the name under which it was asked for. */
  readonly of: (name: string) => Json;
  /** Those that have an id, by it. */
  readonly components: Json;
};

const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
  readonly version: string;
};

let made: Document | null = null;

/** Made when somebody first asks. */
export function openApiDocument(): Document {
  made ??= documentOf(ROUTES);
  return made;
}

export function documentOf(routes: readonly Route[]): Document {
  const answers = schemasOf(
    'output',
    routes.flatMap((route) =>
      Object.entries(route.answers).map(([status, { schema }]) => [`${route.id} ${status}`, schema]),
    ),
  );
  const asked = schemasOf(
    'input',
    routes.flatMap(({ id, query, body }) => [
      ...(query ? ([[`${id} query`, query]] as const) : []),
      ...(body ? ([[`${id} body`, body.schema]] as const) : []),
    ]),
  );
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operationOf(route, asked, answers) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Passerelle',
      version,
      description:
        'The admin API of the gateway; bookings and slots are FHIR R4, below /fhir. See docs/api.md.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: { ...asked.components, ...answers.components, OperationOutcome: OPERATION_OUTCOME },
      responses: { Refused: REFUSED },
      securitySchemes: SECURITY,
    },
  };
}

function operationOf(route: Route, asked: Schemas, answers: Schemas): Json {
  const { id, tag, summary, description, ofAll, body } = route;
  const needs = needsOf(route);
  const remarks = [
    ...(description === undefined ? [] : [description]),
    ...(needs.length > 0 ? [`Needs ${needs.join(' ')}.`] : []),
    ...(ofAll ? ['Of all organizations: refused to who sees one only.'] : []),
  ];
  const parameters = [...pathParameters(route), ...queryParameters(route, asked)];
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(remarks.length > 0 ? { description: remarks.join(' ') } : {}),
    security: securityOf(route),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: asked.of(`${id} body`) } },
          },
        }
      : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(([status, answer]) => [
          status,
          {
            description: answer.description,
            content: { [answer.mediaType]: { schema: answers.of(`${id} ${status}`) } },
          },
        ]),
      ),
      default: { $ref: '#/components/responses/Refused' },
    },
  };
}

const needsOf = (route: Route): string[] => {
  const duty = dutyOf(route);
  return duty === null ? [] : [`passerelle/${duty}`];
};

function securityOf(route: Route): Json[] {
  const needs = needsOf(route);
  if (route.access === 'anybody') return [];
  if (route.access === 'session') return [{ session: [] }];
  const isRead = route.method === 'get';
  return [{ token: needs }, isRead ? { session: needs } : { session: needs, csrf: [] }];
}

const pathParameters = ({ params = {} }: Route): Json[] =>
  Object.entries(params).map(([name, description]) => ({
    name,
    in: 'path',
    required: true,
    description,
    schema: { type: 'string' },
  }));

function queryParameters({ id, query }: Route, asked: Schemas): Json[] {
  if (!query) return [];
  const { properties, required = [] } = asked.of(`${id} query`) as {
    readonly properties: Readonly<Record<string, Json>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    description,
    schema,
  }));
}

/** All at once, so that what several have in common is told once. */
function schemasOf(io: 'input' | 'output', named: readonly (readonly [string, z.ZodType])[]): Schemas {
  const { properties = {}, $defs = {} } = z.toJSONSchema(z.object(Object.fromEntries(named)), {
    io,
    // A transform and a preprocess say by meta() what they take.
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // A later version may tell more: clients pass over what they do not know.
      if (io === 'output' && jsonSchema.additionalProperties === false)
        delete jsonSchema.additionalProperties;
      // The format says it, and the expression is long.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      delete jsonSchema.id;
    },
  });
  return {
    of: (name) => hoisted(properties[name]),
    components: Object.fromEntries(Object.entries($defs).map(([id, schema]) => [id, hoisted(schema)])),
  };
}

/** With its references to where the document has what is common. */
const hoisted = (schema: unknown): Json =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json;

const OPERATION_OUTCOME = {
  type: 'object',
  description:
    'What was wrong, where, and what to do (FHIR R4, OperationOutcome), by Accept-Language in French or English.',
  properties: {
    resourceType: { const: 'OperationOutcome' },
    issue: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        properties: {
          severity: { enum: ['fatal', 'error', 'warning', 'information'] },
          code: { type: 'string', description: 'An IssueType of FHIR.' },
          details: {
            type: 'object',
            properties: {
              coding: {
                type: 'array',
                items: {
                  type: 'object',
                  properties: { system: { type: 'string' }, code: { type: 'string' } },
                },
              },
              text: { type: 'string' },
            },
          },
          diagnostics: { type: 'string' },
          expression: { type: 'array', items: { type: 'string' } },
        },
        required: ['severity', 'code'],
      },
    },
  },
  required: ['resourceType', 'issue'],
} as const;

const REFUSED = {
  description:
    'Refused. 400: it cannot be read; 401: who asks is not known; 403: it is not theirs to ask; 404: there is none; 409: it has ' +
    'changed meanwhile, or the time is taken; 413, 415, 422: the body is not taken; 429: too many requests, see Retry-After; ' +
    '500, 503: the server failed, or a platform does not answer.',
  content: { 'application/fhir+json': { schema: { $ref: '#/components/schemas/OperationOutcome' } } },
} as const;

const SECURITY = {
  token: {
    type: 'http',
    scheme: 'bearer',
    description: 'A token made by hand, or an access token (docs/access.md).',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-passerelle-session',
    description:
      'Who signed in at /auth/sign-in; without https, passerelle-session. Of pages of this gateway only.',
  },
  csrf: {
    type: 'apiKey',
    in: 'header',
    name: 'X-CSRF-Token',
    description: 'With a session, of whatever changes something: GET /auth/session gives it.',
  },
} as const;

import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { parseAs } from '../../mappings/fhir/findings.ts';
import { isObject } from '../../mappings/fhir/validation/json.ts';
import { formatInstant, instant } from '../domain/instant.ts';
import { type Answer, ok } from './answer.ts';
import { needsOf, require } from './authorize.ts';
import { parseJson } from './body.ts';
import { etagOf, isKnown } from './conditional.ts';
import { issuesOf, resourceOf } from './incoming.ts';
import { requireJsonPatch } from './negotiation.ts';
import { OUTCOMES, operationOutcome, Refused } from './outcomes.ts';
import { type Call, type Handling, type Means, perform } from './perform.ts';
import type { Route } from './router.ts';
import type { Context } from './search.ts';
import { transact } from './transaction.ts';

/** A batch (R4, http.html, 3.1.0.11): its entries one after the other, each for itself; or a transaction, all or none. */

const ENTRIES_MAX = 50;

const Entry = z.looseObject({
  resource: z.unknown().optional(),
  request: z.object({
    method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH']),
    url: z.string().min(1).max(8_000),
    ifMatch: z.string().optional(),
    ifNoneMatch: z.string().optional(),
    ifModifiedSince: z.string().optional(),
    ifNoneExist: z.string().optional(),
  }),
});
type Entry = z.output<typeof Entry>;

const Batch = z.looseObject({
  type: z.enum(['batch', 'transaction']),
  entry: z.array(Entry).max(ENTRIES_MAX).default([]),
});

export type BatchDependencies = Means & {
  readonly routeOf: (method: string, path: string) => Route;
  readonly capabilities: (context: Context) => string;
  /** An error that nobody foresaw as a refusal; it is kept. */
  readonly asRefused: (error: unknown) => Refused;
};

/** @param handling holds for every entry. @throws Refused when the Bundle itself is none that can be done. */
export async function batch(
  dependencies: BatchDependencies,
  body: unknown,
  handling: Handling,
  context: Context,
): Promise<Answer> {
  const parsed = parseAs(Batch, resourceOf('Bundle', body), 'Bundle');
  if (!parsed.ok) throw new Refused('invalid-resource', issuesOf(parsed.findings));
  const { type, entry: entries } = parsed.data;
  const answers: string[] = [];
  if (type === 'transaction') answers.push(...(await together(dependencies, entries, handling, context)));
  else for (const entry of entries) answers.push(await answered(dependencies, entry, handling, context));
  // FHIR JSON has no empty arrays (R4, json.html, 2.6.2).
  const list = answers.length === 0 ? '' : `,"entry":[${answers.join(',')}]`;
  return ok(`{"resourceType":"Bundle","type":"${type}-response"${list}}`);
}

async function together(
  { routeOf, refuseUnknownElements, audited }: BatchDependencies,
  entries: readonly Entry[],
  handling: Handling,
  context: Context,
): Promise<string[]> {
  const asked = entries.map(({ request, resource }) => ({
    route: routeOf(request.method, addressIn(request, context).path),
    body: resource,
    ifMatch: request.ifMatch,
    isConditional: [request.ifNoneExist, request.ifNoneMatch, request.ifModifiedSince].some(
      (condition) => condition !== undefined,
    ),
  }));
  for (const { route } of asked) await refuseForbidden(route, context, audited);
  const done = transact(asked, (type, body) => {
    if (handling !== 'lenient') refuseUnknownElements(type, body);
  });
  // What was refused, was refused to each.
  await Promise.all(
    asked.map(({ route }, index) => {
      const own = async (): Promise<Answer> => answerTo(index, await done);
      return route.interaction === 'capabilities' ? null : audited(route, own);
    }),
  );
  const answers = await done;
  return entries.flatMap((entry, index) => {
    const answer = answers[index];
    return answer ? told(answer, entry, context) : [];
  });
}

function answerTo(index: number, answers: readonly Answer[]): Answer {
  const answer = answers[index];
  if (!answer) throw new Error(`entry ${index} has no answer`);
  return answer;
}

/** Only what is not allowed itself is recorded as that. @throws Refused */
async function refuseForbidden(
  route: Route,
  { caller }: Context,
  audited: BatchDependencies['audited'],
): Promise<void> {
  if (route.interaction === 'capabilities') return;
  try {
    require(caller, needsOf(route));
  } catch (error) {
    await audited(route, () => Promise.reject(error));
  }
}

async function answered(
  dependencies: BatchDependencies,
  entry: Entry,
  handling: Handling,
  context: Context,
): Promise<string> {
  try {
    return told(await done(dependencies, entry, handling, context), entry, context);
  } catch (error) {
    const { outcome, issues } = dependencies.asRefused(error);
    const { status } = OUTCOMES[outcome];
    const said = operationOutcome('error', outcome, issues, context.language);
    return JSON.stringify({ response: { status: statusText(status), outcome: said } });
  }
}

function done(
  { routeOf, capabilities, ...means }: BatchDependencies,
  { request, resource }: Entry,
  handling: Handling,
  context: Context,
): Promise<Answer> {
  const { path, query } = addressIn(request, context);
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const route = routeOf(method, path);
  if (route.interaction === 'capabilities') return Promise.resolve(ok(capabilities(context)));
  const call: Call = {
    method,
    parameters: [...new URLSearchParams(query)],
    handling,
    ifMatch: request.ifMatch,
    ifNoneMatch: request.ifNoneMatch,
    ifNoneExist: request.ifNoneExist,
    body: async () => resource,
    patch: async () => patchIn(resource),
    optionalBody: async () => resource,
    form: async () => [],
  };
  return perform(route, call, context, means);
}

/** Below the base of this server, with a leading slash. */
function addressIn({ url }: Entry['request'], { base }: Context): { path: string; query: string } {
  const local = url.startsWith(`${base}/`) ? url.slice(base.length) : url.startsWith('/') ? url : `/${url}`;
  const [path = '', query = ''] = local.split(/\?(.*)/s);
  return { path, query };
}

/** As others have it: R4 names only FHIRPath Patch for batches, and that is not offered. */
const Binary = z.looseObject({ contentType: z.string(), data: z.base64() });

/** The JSON Patch of an entry: a Binary with it. @throws Refused */
function patchIn(resource: unknown): unknown {
  const isBinary = isObject(resource) && resource['resourceType'] === 'Binary';
  if (!isBinary) requireJsonPatch(undefined, 'Bundle.entry.resource');
  const parsed = parseAs(Binary, resource, 'Binary');
  if (!parsed.ok) throw new Refused('invalid-resource', issuesOf(parsed.findings));
  requireJsonPatch(parsed.data.contentType, 'Binary.contentType');
  return parseJson(Buffer.from(parsed.data.data, 'base64').toString('utf8'));
}

function told({ outcome, text, version, path }: Answer, { request }: Entry, { base }: Context): string {
  const known = {
    'if-none-match': request.ifNoneMatch,
    'if-modified-since': request.ifModifiedSince,
  };
  const isUnchanged = ['GET', 'HEAD'].includes(request.method) && version !== null && isKnown(known, version);
  const response = {
    status: statusText(isUnchanged ? 304 : STATUS[outcome]),
    ...(path === null ? {} : { location: `${base}/${path}` }),
    ...(version ? { etag: etagOf(version), lastModified: formatInstant(instant(version.updatedMs)) } : {}),
  };
  const resource = text === '' || isUnchanged ? '' : `"resource":${text},`;
  return `{${resource}"response":${JSON.stringify(response)}}`;
}

const STATUS: Readonly<Record<Answer['outcome'], number>> = { ok: 200, created: 201, deleted: 204 };

const statusText = (status: number): string => `${status} ${STATUS_CODES[status] ?? ''}`.trim();

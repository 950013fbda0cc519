import { type CodeMap, type CodeMaps, ConceptMapError } from '../adapter/concept-map.ts';
import type { Connect } from '../adapter/contract.ts';
import { Fault } from '../adapter/faults.ts';
import { createHttp, type HttpRequest, type HttpResponse } from '../adapter/http.ts';
import { jsonIn } from '../adapter/json.ts';
import { parseInstant } from '../domain/instant.ts';
import { addressOf } from './address.ts';
import { createCredentials } from './authentication.ts';
import type { Description } from './description.ts';
import { NotEvaluated, type Variables } from './expression.ts';
import { formatOf, writeLocal } from './local-time.ts';
import { valuesOf } from './settings.ts';
import type { Body, Expression, Request, Template } from './syntax.ts';
import { isList, isTemplate } from './uses.ts';

/** A request of a description, with what stands in it put in, made. */

/** What a template has to take from, besides settings. */
export type Scope = Readonly<Record<string, unknown>>;

export type Sent = {
  readonly writes: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Besides the request's own. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
};

export type Client = {
  readonly send: (request: Request, scope: Scope, sent: Sent) => Promise<HttpResponse>;
  /** The same, of an address that the platform gave: below base, or it is not called. */
  readonly follow: (url: string, sent: Sent) => Promise<HttpResponse>;
  /** A template of a header. Null = something in it is not there. */
  readonly fill: (template: Template, scope: Scope) => Promise<string | null>;
  readonly close: () => void;
};

export function createClient(description: Description, connect: Connect<unknown>): Client {
  const { limits, pace, targets, environment, transport, settings } = connect;
  const values = valuesOf(description.settings, settings);
  const baseUrl = addressOf(description.base, values.open);
  const http = createHttp({ baseUrl, limits, pace, targets, clock: environment.clock, transport });
  const credentials = createCredentials(description.authentication, values, connect);
  const input = (scope: Scope): unknown => ({ ...scope, settings: values.open });

  const headersOf = (templates: Readonly<Record<string, Template>>, scope: Scope) =>
    filled(templates, input(scope), functionsOf(description.id, scope, connect));

  async function built(request: Request, scope: Scope): Promise<Built> {
    const [from, functions] = [input(scope), functionsOf(description.id, scope, connect)];
    const path = await computed(request.path.fill(from, functions, inPath));
    if (path === null) throw lacking(`${request.path.text} has no value`);
    const form = request.form && (await filled(request.form, from, functions));
    const own = await headersOf(request.headers, scope);
    return {
      method: request.method,
      path,
      // What stands in the path may be what nobody else should see.
      label: request.path.text,
      query: await filled(request.query, from, functions),
      headers: form ? { 'content-type': 'application/x-www-form-urlencoded', ...own } : own,
      ...(form ? { body: new URLSearchParams(form).toString() } : {}),
      ...(request.body === undefined ? {} : { body: await bodyOf(request.body, from, functions) }),
    };
  }

  /** Where the platform refused credentials that can be renewed, once more with new ones. */
  async function call(request: Built, { writes, signal, headers, query }: Sent): Promise<HttpResponse> {
    const shared = await headersOf(description.headers, {});
    const attempt = async (isSecond: boolean): Promise<HttpResponse> => {
      const own = await credentials.of(isSecond, signal);
      const isLast = isSecond || !credentials.areRenewed;
      return http.request({
        ...request,
        headers: checked({ ...shared, ...request.headers, ...headers, ...own.headers }),
        query: { ...request.query, ...query, ...own.query },
        writes,
        ...(signal ? { signal } : {}),
        ...(isLast ? {} : { answers: [401] }),
      });
    };
    const response = await attempt(false);
    // Refused, so that nothing has landed.
    return response.status === 401 ? attempt(true) : response;
  }

  return {
    send: async (request, scope, sent) => call(await built(request, scope), sent),
    follow: async (url, sent) => {
      const path = below(url, baseUrl);
      return call({ method: 'GET', path, label: 'the next page', query: {}, headers: {} }, sent);
    },
    fill: (template, scope) =>
      computed(template.fill(input(scope), functionsOf(description.id, scope, connect))),
    close: () => {
      http.close();
      credentials.close();
    },
  };
}

type Built = Required<Pick<HttpRequest, 'method' | 'path' | 'label' | 'headers'>> & {
  readonly query: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** What a description says cannot be said of this: nothing was sent. */
const lacking = (what: string): Fault =>
  new Fault('malformed', `the description cannot be followed: ${what}`);

/** @throws Fault */
export async function computed<Value>(evaluating: Promise<Value>): Promise<Value> {
  try {
    return await evaluating;
  } catch (error) {
    if (error instanceof NotEvaluated) throw lacking(`an expression ${error.message}`);
    throw error;
  }
}

/** Of the platform's answer. @throws Fault `malformed`, or `unsure` after a write: it has landed. */
export async function found(
  expression: Expression,
  body: unknown,
  variables: Variables = {},
  kind: 'malformed' | 'unsure' = 'malformed',
): Promise<unknown> {
  try {
    return await expression.evaluate(body, variables);
  } catch (error) {
    if (!(error instanceof NotEvaluated)) throw error;
    throw new Fault(kind, `an expression of the description ${error.message}`);
  }
}

/** @throws Fault */
export function jsonOf(response: HttpResponse, kind: 'malformed' | 'unsure' = 'malformed'): unknown {
  const value = jsonIn(Buffer.from(response.text));
  if (value === undefined) throw new Fault(kind, 'the answer is not JSON that can be read');
  return value;
}

/** A name of a folder above would lead elsewhere. */
function inPath(text: string): string {
  if (text === '' || text === '.' || text === '..')
    throw lacking('a part of a path is empty, or leads elsewhere');
  return encodeURIComponent(text);
}

async function filled(
  templates: Readonly<Record<string, Template>>,
  input: unknown,
  functions: Variables,
): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [key, template] of Object.entries(templates)) {
    const text = await computed(template.fill(input, functions));
    if (text !== null) texts[key] = text;
  }
  return texts;
}

/** @returns undefined where an expression leads to nothing, so that its key is left out. */
async function bodyOf(body: Body, input: unknown, functions: Variables): Promise<unknown> {
  if (typeof body !== 'object' || body === null) return body;
  if (isTemplate(body)) return computed(body.value(input, functions));
  if (isList(body)) {
    const items: unknown[] = [];
    for (const each of body) items.push(await bodyOf(each, input, functions));
    return items.filter((each) => each !== undefined);
  }
  const fields: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(body)) fields[key] = await bodyOf(each, input, functions);
  return fields;
}

/** What Node would not send, since it could be read as a header of its own. */
function checked(headers: Readonly<Record<string, string>>): Record<string, string> {
  const bad = Object.entries(headers).find(([, value]) => /[^\t\x20-\x7e\x80-\xff]/.test(value));
  if (bad) throw lacking(`the header ${bad[0]} has a character that no header may have`);
  return { ...headers };
}

/** The path of an address that is below base. @throws Fault */
function below(url: string, baseUrl: string): string {
  const base = new URL(baseUrl);
  const prefix = base.pathname.replace(/\/$/, '');
  const to = URL.canParse(url, baseUrl) ? new URL(url, baseUrl) : null;
  if (to?.origin !== base.origin || !to.pathname.startsWith(`${prefix}/`))
    throw new Fault('malformed', 'the next page is not below the address of the interface');
  return to.pathname.slice(prefix.length) + to.search;
}

/** `$local` and `$theirs`, of templates. */
function functionsOf(id: string, { calendar }: Scope, { zoneOf, maps }: Connect<unknown>): Variables {
  return {
    local: (text: string, format: string) =>
      writeLocal(parseInstant(text), formatOf(format), zoneOf(String(calendar))),
    theirs: (map: string, codes: unknown) => theirs(codes, mapOf(maps, `${id}-${map}`).toTheirs),
  };
}

/** What has no code there is left out: fewer may book, never more. */
function theirs(codes: unknown, toTheirs: (code: string) => string | null): unknown {
  if (codes === null || codes === undefined) return null;
  if (!Array.isArray(codes)) return toTheirs(String(codes));
  return codes.map((code) => toTheirs(String(code))).filter((code) => code !== null);
}

/** An operator may have renamed it. @throws Fault */
export function mapOf(maps: CodeMaps, id: string): CodeMap {
  try {
    return maps.map(id);
  } catch (error) {
    if (error instanceof ConceptMapError) throw new Fault('unavailable', `its mappings: ${error.message}`);
    throw error;
  }
}

import type { FhirResource } from 'fhir-kit-client';
import type { z } from 'zod';
import type { Connect } from '../../src/adapter/contract.ts';
import { Fault, isFault } from '../../src/adapter/faults.ts';
import { createHttp, type HttpRequest, type HttpResponse } from '../../src/adapter/http.ts';
import { answerTo, interactionsOver, within } from './interactions.ts';
import type { Settings } from './manifest.ts';
import { createCredentials } from './token.ts';
import { Bundle, CapabilityStatement, type Schedule, Schedule as ScheduleSchema, type Type } from './wire.ts';

/** What the adapter asks of a server, and what its pages are. */

export type Parameters = readonly (readonly [name: string, value: string])[];

export type Page = {
  readonly resources: readonly unknown[];
  /** What they refer to, where it was asked for. */
  readonly included: readonly unknown[];
  /** The server's clock as it answered, in whole seconds (RFC 9110, section 6.6.1); null = it does not say. */
  readonly date: string | null;
};

type Got<Schema extends z.ZodType> = { readonly body: z.output<Schema>; readonly date: string | null };

export type Client = ReturnType<typeof createClient>;

const PAGE_ROWS = 500;
/** A list that does not end is a fault: this many pages hold more than any agenda has. */
const PAGES_MAX = 1_000;
const JSON_TYPE = 'application/fhir+json';
/** A parameter that the server does not know would be left out, and far too much be found (R4, search.html, 3.1.1.1.1). */
const STRICT = { prefer: 'handling=strict' };

export function createClient(options: Connect<Settings>) {
  const { settings, limits, pace, targets, environment, transport } = options;
  const base = new URL(settings.baseUrl.replace(/\/$/, ''));
  const prefix = base.pathname === '/' ? '' : base.pathname;
  const credentials = createCredentials(options);
  const http = createHttp({
    baseUrl: base.origin + prefix,
    headers: { accept: JSON_TYPE },
    limits,
    pace,
    targets,
    clock: environment.clock,
    transport,
  });

  async function send({ headers, ...request }: HttpRequest): Promise<HttpResponse> {
    try {
      return await http.request({ ...request, headers: { ...headers, ...(await credentials.header()) } });
    } catch (error) {
      // The next call asks for another token.
      if (isFault(error) && error.kind === 'unauthorized') credentials.forget();
      throw error;
    }
  }

  const fhir = interactionsOver(base.origin + prefix, send);

  async function got<Schema extends z.ZodType>(
    interaction: Promise<FhirResource>,
    schema: Schema,
  ): Promise<Got<Schema>> {
    const response = await answerTo(interaction);
    if (response.status !== 200) throw unexpected(response);
    return { body: response.json(schema), date: response.headers['date'] ?? null };
  }

  /** The path of a link below our base. @throws Fault: our credentials go to no other server. */
  function ownPath(link: string, from: string): string {
    const here = `${base.origin}${prefix}${from}`;
    const to = URL.canParse(link, here) ? new URL(link, here) : null;
    if (to?.origin === base.origin && to.pathname.startsWith(`${prefix}/`)) {
      return to.pathname.slice(prefix.length) + to.search;
    }
    // Medplum, HAPI and others page by the base itself.
    if (to?.origin === base.origin && to.pathname === (prefix || '/')) return `/${to.search}`;
    throw new Fault('malformed', 'the next page is on another server, or outside of baseUrl');
  }

  /** Page by page. @throws Fault where the list ends before its total, or does not end. */
  async function* search(
    type: Type | 'Schedule',
    parameters: Parameters,
    signal?: AbortSignal,
  ): AsyncGenerator<Page> {
    const searchParams: Record<string, string[]> = {};
    for (const [name, value] of [...parameters, ['_count', `${PAGE_ROWS}`] as const])
      searchParams[name] = [...(searchParams[name] ?? []), value];
    const options = within(signal, STRICT);
    // From where a link is understood that is none by itself.
    let path = `/${type}`;
    let page: Promise<FhirResource> | null = fhir.resourceSearch({
      resourceType: type,
      searchParams,
      options,
    });
    const seen = new Set<string>();
    let found = 0;
    for (let pages = 0; page !== null; pages += 1) {
      if (pages === PAGES_MAX) throw new Fault('malformed', 'the list does not end');
      const { body, date }: Got<typeof Bundle> = await got(page, Bundle);
      const matches = body.entry.filter(({ search: mode }) => (mode?.mode ?? 'match') === 'match');
      found += matches.length;
      const next = body.link.find(({ relation }) => relation === 'next')?.url;
      if (next === undefined && body.total !== undefined && found < body.total) {
        throw new Fault('unavailable', `${type}: the list ends before its total, so it changed, or was cut`);
      }
      const included = body.entry.filter(({ search: mode }) => mode?.mode === 'include');
      yield {
        ...{ resources: matches.map(({ resource }) => resource), date },
        included: included.map(({ resource }) => resource),
      };
      page = null;
      if (next === undefined) continue;
      path = ownPath(next, path);
      if (seen.has(path)) throw new Fault('malformed', 'the list does not end');
      seen.add(path);
      page = fhir.request(path, { options });
    }
  }

  const readOf = (resourceType: Type | 'Schedule', id: string, signal?: AbortSignal): Promise<FhirResource> =>
    fhir.read({ resourceType, id: encodeURIComponent(id), options: within(signal, STRICT) });

  return {
    capabilities: async (signal: AbortSignal) =>
      (await got(fhir.capabilityStatement(within(signal)), CapabilityStatement)).body,

    schedule: async (id: string, signal?: AbortSignal): Promise<z.output<typeof Schedule>> =>
      (await got(readOf('Schedule', id, signal), ScheduleSchema)).body,

    /** Proves that credentials are taken: metadata is everybody's at most servers. */
    anySchedule: async (signal: AbortSignal): Promise<void> => {
      const options = within(signal, STRICT);
      await got(
        fhir.resourceSearch({ resourceType: 'Schedule', searchParams: { _count: 1 }, options }),
        Bundle,
      );
    },

    search,

    all: async (type: Type, parameters: Parameters): Promise<unknown[]> => {
      const found: unknown[] = [];
      for await (const { resources } of search(type, parameters)) found.push(...resources);
      return found;
    },

    read: (type: Type, id: string): Promise<HttpResponse> => answerTo(readOf(type, id)),

    /** @param unlessThereIs what is there already is the answer (conditional create: R4, http.html#ccreate). */
    create: (type: Type, body: object, unlessThereIs: string | null): Promise<HttpResponse> => {
      const headers: Record<string, string> =
        unlessThereIs === null ? {} : { 'if-none-exist': `identifier=${encodeURIComponent(unlessThereIs)}` };
      const resource = { ...body, resourceType: type };
      return answerTo(fhir.create({ resourceType: type, body: resource, options: { headers } }));
    },

    /** Of that version only (R4, http.html#concurrency). */
    update: (type: Type, id: string, version: string, body: object): Promise<HttpResponse> =>
      answerTo(
        fhir.update({
          resourceType: type,
          id: encodeURIComponent(id),
          body: { ...body, resourceType: type },
          options: { headers: { 'if-match': `W/"${version}"` } },
        }),
      ),

    remove: (type: Type, id: string, version: string): Promise<HttpResponse> =>
      answerTo(
        fhir.delete({
          resourceType: type,
          id: encodeURIComponent(id),
          options: { headers: { 'if-match': `W/"${version}"` } },
        }),
      ),

    close: (): void => {
      credentials.close();
      http.close();
    },
  };
}

export const unexpected = ({ status }: HttpResponse): Fault =>
  new Fault('malformed', `unexpected HTTP ${status}`);

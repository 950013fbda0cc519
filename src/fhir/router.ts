import type { Bilingual } from '../domain/schedule.ts';
import type { Answer } from './answer.ts';
import type { Operation, OperationInput, Operations } from './operation.ts';
import { Refused } from './outcomes.ts';
import type { Resource, Versions } from './resource.ts';

/** Which interaction of FHIR's RESTful API a request is (R4, http.html, 3.1.0). */
export type Route = { readonly pattern: string } & (
  | { readonly interaction: 'capabilities' }
  | { readonly interaction: 'search' | 'search-form'; readonly resource: Resource }
  | { readonly interaction: 'read'; readonly resource: Resource; readonly id: string }
  | {
      readonly interaction: 'vread';
      readonly resource: Resource;
      readonly versions: Versions;
      readonly id: string;
      readonly version: string;
    }
  /** Of the whole type where id is null. */
  | {
      readonly interaction: 'history';
      readonly resource: Resource;
      readonly versions: Versions;
      readonly id: string | null;
    }
  | {
      readonly interaction: 'create';
      readonly resource: Resource;
      readonly create: NonNullable<Resource['create']>;
    }
  | {
      readonly interaction: 'operation';
      readonly operation: Operation;
      readonly run: (input: OperationInput) => Promise<Answer>;
    }
  | {
      readonly interaction: 'update';
      readonly resource: Resource;
      readonly update: NonNullable<Resource['update']>;
      readonly id: string;
    }
  | {
      readonly interaction: 'patch';
      readonly resource: Resource;
      readonly patch: NonNullable<Resource['patch']>;
      readonly id: string;
    }
  | {
      readonly interaction: 'delete';
      readonly resource: Resource;
      readonly delete: NonNullable<Resource['delete']>;
      readonly id: string;
    }
);

const HISTORY = '_history';
const ID = /^[A-Za-z0-9\-.]{1,64}$/;

/**
 * @param system operations on no type in particular.
 * @returns a function of method and path (below the base, with leading slash) that throws Refused.
 */
export function createRouter(resources: readonly Resource[], system: Operations) {
  const byType = new Map<string, Resource>(resources.map((resource) => [resource.type, resource]));
  const offered = [...byType.keys()].join(', ');

  return (method: string, path: string): Route => {
    const [, type = '', id, ...more] = path.split('/');
    if (type === 'metadata' && id === undefined) {
      if (method === 'GET') return { interaction: 'capabilities', pattern: '/fhir/metadata' };
      throw notAllowed('GET');
    }
    if (type.startsWith('$') && id === undefined) {
      return routeOfOperation(method, type.slice(1), system, '/fhir', ({ system: run }) =>
        run === 'beside' ? undefined : run,
      );
    }
    const resource = byType.get(type);
    if (!resource) {
      throw new Refused('unknown-type', {
        diagnostics: {
          fr: `ce serveur a ${offered}, et metadata`,
          en: `this server has ${offered}, and metadata`,
        },
      });
    }
    if (id === undefined) return routeOfType(method, resource);
    if (id === '_search' && more.length === 0) {
      const pattern = `/fhir/${type}/_search`;
      if (method === 'POST') return { interaction: 'search-form', resource, pattern };
      throw notAllowed('POST');
    }
    if (id === HISTORY && more.length === 0) return routeOfHistory(method, resource, null);
    const { operations = {} } = resource;
    if (id.startsWith('$') && more.length === 0) {
      return routeOfOperation(method, id.slice(1), operations, `/fhir/${type}`, ({ type: run }) => run);
    }
    const [name, ...rest] = more;
    if (name === HISTORY && ID.test(id)) return routeOfHistory(method, resource, id, ...rest);
    if (name?.startsWith('$') && rest.length === 0 && ID.test(id)) {
      return routeOfOperation(method, name.slice(1), operations, `/fhir/${type}/:id`, ({ instance: run }) =>
        run ? (input) => run(id, input) : undefined,
      );
    }
    if (more.length === 0 && ID.test(id)) return routeOfInstance(method, resource, id);
    throw noSuchAddress();
  };
}

function routeOfType(method: string, resource: Resource): Route {
  const { type, create, instead } = resource;
  const pattern = `/fhir/${type}`;
  if (method === 'GET') return { interaction: 'search', resource, pattern };
  if (method === 'POST' && create) return { interaction: 'create', resource, create, pattern };
  throw notAllowed(create ? 'GET, POST' : 'GET', instead);
}

function routeOfInstance(method: string, resource: Resource, id: string): Route {
  const { type, update, patch, delete: remove, instead } = resource;
  const pattern = `/fhir/${type}/:id`;
  if (method === 'GET') return { interaction: 'read', resource, id, pattern };
  if (method === 'PUT' && update) return { interaction: 'update', resource, update, id, pattern };
  if (method === 'PATCH' && patch) return { interaction: 'patch', resource, patch, id, pattern };
  if (method === 'DELETE' && remove) return { interaction: 'delete', resource, delete: remove, id, pattern };
  const offered = { PUT: update, PATCH: patch, DELETE: remove };
  const methods = Object.entries(offered).flatMap(([name, does]) => (does ? [name] : []));
  throw notAllowed(['GET', ...methods].join(', '), instead);
}

/** @param version and whatever else stands after `_history`. */
function routeOfHistory(
  method: string,
  resource: Resource,
  id: string | null,
  version?: string,
  ...more: string[]
): Route {
  const { type, versions } = resource;
  if (!versions || more.length > 0) throw noSuchAddress();
  if (method !== 'GET') throw notAllowed('GET');
  const pattern = `/fhir/${type}${id === null ? '' : '/:id'}/${HISTORY}`;
  if (id === null || version === undefined) {
    return { interaction: 'history', resource, versions, id, pattern };
  }
  return { interaction: 'vread', resource, versions, id, version, pattern: `${pattern}/:version` };
}

type Run = Extract<Route, { interaction: 'operation' }>['run'];

/** @param runOf what answers at the level of the address, if anything does. */
function routeOfOperation(
  method: string,
  name: string,
  operations: Operations,
  place: string,
  runOf: (operation: Operation) => Run | undefined,
): Route {
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  const run = operation && runOf(operation);
  if (!operation || !run) {
    const offered = Object.entries(operations).flatMap(([each, has]) => (runOf(has) ? `$${each}` : []));
    const list = offered.join(', ') || '0';
    throw new Refused('not-found', {
      diagnostics: { fr: `opérations d’ici : ${list}`, en: `operations here: ${list}` },
    });
  }
  const methods = operation.affectsState ? ['POST'] : ['GET', 'POST'];
  if (!methods.includes(method)) throw notAllowed(methods.join(', '));
  return { interaction: 'operation', operation, run, pattern: `${place}/$${name}` };
}

const noSuchAddress = (): Refused =>
  new Refused('not-found', {
    diagnostics: {
      fr: 'l’adresse d’une ressource est son type et son id',
      en: 'the address of a resource is its type and its id',
    },
  });

function notAllowed(methods: string, instead?: Bilingual): Refused {
  const more = instead ? { fr: `; ${instead.fr}`, en: `; ${instead.en}` } : { fr: '', en: '' };
  const diagnostics = { fr: `offert ici : ${methods}${more.fr}`, en: `offered here: ${methods}${more.en}` };
  return new Refused('not-allowed', { diagnostics }, { allow: methods });
}

import type { Answer } from './answer.ts';
import type { Audited, AuditedRoute } from './auditing.ts';
import { needsOf, require } from './authorize.ts';
import { isKnown, versionOf } from './conditional.ts';
import type { ReverseChains } from './has.ts';
import { operationInput } from './operation-input.ts';
import { Refused } from './outcomes.ts';
import { refuseNumbers } from './patient-numbers.ts';
import type { Resource } from './resource.ts';
import type { Route } from './router.ts';
import type { Context } from './search.ts';
import type { Subsets } from './subset.ts';
import type { RefuseUnknownElements } from './unknown-elements.ts';

/** One interaction, however it was asked for: as a request of its own, or in a batch. */

export type Parameters = readonly (readonly [string, string])[];

/** Prefer: handling=… (R4, search.html, 3.1.1.1.1); null = it does not say. */
export type Handling = 'strict' | 'lenient' | null;

export type Call = {
  readonly method: string;
  /** Of the query. */
  readonly parameters: Parameters;
  readonly handling: Handling;
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly ifNoneExist: string | undefined;
  /** @throws Refused where the body is no JSON. */
  readonly body: () => Promise<unknown>;
  /** A JSON Patch. @throws Refused where the body says that it is another kind of patch. */
  readonly patch: () => Promise<unknown>;
  /** The body; undefined where there is none. */
  readonly optionalBody: () => Promise<unknown>;
  /** The parameters of a form. @throws Refused where the body is none. */
  readonly form: () => Promise<Parameters>;
};

/** What every interaction of a kind has in common. */
export type Means = {
  readonly subsets: Subsets;
  readonly refuseUnknownElements: RefuseUnknownElements;
  readonly reverseChains: ReverseChains;
  readonly audited: Audited;
};

/** @throws Refused */
export const perform = (route: AuditedRoute, call: Call, context: Context, means: Means): Promise<Answer> =>
  means.audited(route, () => done(route, call, context, means));

async function done(
  route: AuditedRoute,
  call: Call,
  context: Context,
  { subsets, refuseUnknownElements, reverseChains }: Means,
): Promise<Answer> {
  const { method, parameters, handling, ifMatch, patch, optionalBody, form } = call;
  const strict = handling === 'strict';
  const resourceOf = async ({ type }: Resource): Promise<unknown> => {
    const resource = await call.body();
    if (handling !== 'lenient') refuseUnknownElements(type, resource);
    return resource;
  };
  require(context.caller, needsOf(route));
  switch (route.interaction) {
    case 'read':
    case 'vread': {
      const { resource, id } = route;
      const subset = subsets.wanted(resource.type, parameters, 'one');
      const whole =
        route.interaction === 'read'
          ? await resource.read(id, { parameters, context, strict })
          : await route.versions.vread(id, route.version);
      return subsets.ofOne(whole, subset);
    }
    case 'history':
      return route.versions.history(route.id, { parameters, context, strict });
    case 'search':
    case 'search-form': {
      refuseNumbers(route.resource.type, parameters);
      const all = route.interaction === 'search' ? parameters : [...parameters, ...(await form())];
      const { resource } = route;
      const subset = subsets.wanted(resource.type, all, 'search');
      const ids = await reverseChains(resource, all, context);
      return subsets.ofSearch(await resource.search({ parameters: all, ids, context, strict }), subset);
    }
    case 'operation': {
      const given = method === 'POST' ? await optionalBody() : undefined;
      const { operation } = route;
      const body = operationInput(operation.parameters, parameters, given);
      if (operation.affectsState && handling !== 'lenient') refuseUnknownElements('Parameters', body);
      return route.run({ body, context });
    }
    case 'create': {
      const { ifNoneExist = null } = call;
      if (ifNoneExist !== null && !route.resource.conditionalCreate) throw notConditional();
      // Whether there is one already is told by a search.
      if (ifNoneExist !== null) require(context.caller, [{ type: route.resource.type, permission: 's' }]);
      return route.create(await resourceOf(route.resource), context, ifNoneExist);
    }
    case 'update': {
      await refuseKnown(route, call.ifNoneMatch, context);
      const ifVersion = versionOf(ifMatch);
      return route.update({ id: route.id, body: await resourceOf(route.resource), ifVersion, context });
    }
    case 'patch': {
      await refuseKnown(route, call.ifNoneMatch, context);
      const ifVersion = versionOf(ifMatch);
      return route.patch({ id: route.id, body: await patch(), ifVersion, context });
    }
    case 'delete':
      return route.delete(route.id, context);
  }
}

/** If-None-Match of a change: only if it is none of these versions, and with `*` only if there is none (RFC 9110, 13.1.2). */
async function refuseKnown(
  { resource, id }: Pick<Extract<Route, { interaction: 'update' }>, 'resource' | 'id'>,
  ifNoneMatch: string | undefined,
  context: Context,
): Promise<void> {
  if (ifNoneMatch === undefined) return;
  const { version } = await resource.read(id, { parameters: [], context, strict: false });
  if (version && !isKnown({ 'if-none-match': ifNoneMatch }, version)) return;
  throw new Refused('version-mismatch', {
    diagnostics: {
      fr: 'If-None-Match : la ressource existe, dans une version qu’il nomme',
      en: 'If-None-Match: the resource exists, at a version that it names',
    },
    expression: 'http.If-None-Match',
  });
}

/** R4, http.html, 3.1.0.8.1. */
const notConditional = (): Refused =>
  new Refused('bad-request', {
    diagnostics: {
      fr: 'If-None-Exist n’est pas offert pour ce type : rien n’a été créé',
      en: 'If-None-Exist is not offered for this type: nothing was created',
    },
    expression: 'http.If-None-Exist',
  });

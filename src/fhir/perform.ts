import type { Answer } from './answer.ts';
import { versionOf } from './conditional.ts';
import { operationInput } from './operation-input.ts';
import type { Route } from './router.ts';
import type { Context } from './search.ts';
import type { Subsets } from './subset.ts';

/** One interaction, however it was asked for: as a request of its own, or in a batch. */

export type Parameters = readonly (readonly [string, string])[];

export type Call = {
  readonly method: string;
  /** Of the query. */
  readonly parameters: Parameters;
  /** Prefer: handling=strict */
  readonly strict: boolean;
  readonly ifMatch: string | undefined;
  /** @throws Refused where the body is no JSON. */
  readonly body: () => Promise<unknown>;
  /** A JSON Patch. @throws Refused where the body says that it is another kind of patch. */
  readonly patch: () => Promise<unknown>;
  /** The body; undefined where there is none. */
  readonly optionalBody: () => Promise<unknown>;
  /** The parameters of a form. @throws Refused where the body is none. */
  readonly form: () => Promise<Parameters>;
};

/** @throws Refused */
export async function perform(
  route: Exclude<Route, { interaction: 'capabilities' }>,
  { method, parameters, strict, ifMatch, body, patch, optionalBody, form }: Call,
  context: Context,
  subsets: Subsets,
): Promise<Answer> {
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
      const all = route.interaction === 'search' ? parameters : [...parameters, ...(await form())];
      const subset = subsets.wanted(route.resource.type, all, 'search');
      return subsets.ofSearch(await route.resource.search({ parameters: all, context, strict }), subset);
    }
    case 'operation': {
      const given = method === 'POST' ? await optionalBody() : undefined;
      return route.run({ body: operationInput(route.operation.parameters, parameters, given), context });
    }
    case 'create':
      return route.create(await body(), context);
    case 'update': {
      const ifVersion = versionOf(ifMatch);
      return route.update({ id: route.id, body: await body(), ifVersion, context });
    }
    case 'patch': {
      const ifVersion = versionOf(ifMatch);
      return route.patch({ id: route.id, body: await patch(), ifVersion, context });
    }
    case 'delete':
      return route.delete(route.id);
  }
}

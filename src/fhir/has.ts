import { require } from './authorize.ts';
import { isReverseChain, REVERSE_CHAIN } from './directive.ts';
import { Refused } from './outcomes.ts';
import type { Resource } from './resource.ts';
import type { Context } from './search.ts';
import { both } from './values.ts';

/**
 * Reverse chains (R4, search.html, 3.1.1.4.16): `Schedule?_has:Slot:schedule:status=free` finds the schedules that some free
 * slot refers to. What stands after the reference may be a reverse chain again.
 */

/** @returns the ids that are left by them; null = there are none of them. @throws Refused */
export type ReverseChains = (
  resource: Resource,
  parameters: readonly (readonly [string, string])[],
  context: Context,
) => Promise<readonly string[] | null>;

const NAME = /^_has:([A-Za-z]+):([a-z-]+):(.+)$/s;
const LINKS_MAX = 3;

export function reverseChains(resources: readonly Resource[]): ReverseChains {
  const byType = new Map<string, Resource>(resources.map((resource) => [resource.type, resource]));

  async function idsOf(
    { type, has }: Resource,
    [name, value]: readonly [string, string],
    context: Context,
    links: number,
  ): Promise<string[]> {
    const [, source = '', parameter = '', rest = ''] = NAME.exec(name) ?? [];
    const referring = byType.get(source);
    if (!referring?.referring || !has?.includes(`${source}:${parameter}`) || links > LINKS_MAX) {
      throw notOffered(type, has ?? []);
    }
    require(context.caller, [{ type: source, permission: 's' }], 'http._has');
    const isNested = isReverseChain(rest);
    const stem = rest.split(/[:.]/)[0];
    if (!isNested && !referring.parameters.some((each) => each.name === stem)) {
      throw notOffered(type, has, source);
    }
    const paths = await referring.referring(parameter, {
      parameters: isNested ? [] : [[rest, value]],
      ids: isNested ? await idsOf(referring, [rest, value], context, links + 1) : null,
      context,
      strict: true,
    });
    const here = `${type}/`;
    return [...new Set(paths)].flatMap((path) => (path.startsWith(here) ? [path.slice(here.length)] : []));
  }

  return async (resource, parameters, context) => {
    let ids: readonly string[] | null = null;
    for (const asked of parameters) {
      if (isReverseChain(asked[0])) ids = both(ids, await idsOf(resource, asked, context, 1));
    }
    return ids;
  };
}

/** It says which results are wanted, so one that is not known is never ignored. @param source whose parameter is unknown. */
function notOffered(type: string, has: readonly string[], source: string | null = null): Refused {
  const list = has.map((each) => `${REVERSE_CHAIN}${each}:<…>`).join(', ');
  return new Refused('invalid-parameter', {
    diagnostics:
      source === null
        ? {
            fr: `_has : pour ${type} il y a ${list || 'rien'}`,
            en: `_has: for ${type} there is ${list || 'none'}`,
          }
        : { fr: `_has : ${source} n’a pas ce paramètre`, en: `_has: ${source} has no such parameter` },
    expression: 'http._has',
    code: 'not-supported',
  });
}

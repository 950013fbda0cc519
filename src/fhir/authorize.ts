import { type Need, type Principal, permits, scopeOf } from '../domain/access.ts';
import { Refused } from './outcomes.ts';
import type { Route } from './router.ts';

/**
 * Whether who asks may do it. Interactions are judged here; what a search leads to besides (includes, chains) is judged where
 * it is followed: include.ts, graph.ts, has.ts.
 */

/** @throws Refused */
export function require(
  caller: Pick<Principal, 'scopes'>,
  needs: readonly Need[],
  expression = 'http.Authorization',
): void {
  const missing = needs.filter((need) => !permits(caller, need));
  if (missing.length > 0) throw forbidden(missing, expression);
}

/** What an interaction takes (SMART App Launch 2, section 3.0.2.1). What describes this server itself takes nothing. */
export function needsOf(route: Exclude<Route, { interaction: 'capabilities' }>): readonly Need[] {
  if (route.interaction === 'operation') return route.operation.needs;
  const { type, isDescription = false } = route.resource;
  return isDescription ? [] : [{ type, permission: permissionOf(route) }];
}

type OfResource = Exclude<Route, { interaction: 'capabilities' | 'operation' }>;

function permissionOf(route: OfResource): Need['permission'] {
  switch (route.interaction) {
    case 'search':
    case 'search-form':
      return 's';
    case 'read':
    case 'vread':
      return 'r';
    case 'history':
      return route.id === null ? 's' : 'r';
    case 'create':
      return 'c';
    case 'update':
    case 'patch':
      return 'u';
    case 'delete':
      return 'd';
  }
}

/** RFC 6750, section 3.1: what was missing is told. */
export function forbidden(missing: readonly Need[], expression = 'http.Authorization'): Refused {
  const scope = missing.map(scopeOf).join(' ');
  return new Refused(
    'forbidden',
    {
      diagnostics: {
        fr: `ce jeton n’y suffit pas : il lui faut aussi ${scope}`,
        en: `this token is not enough for it: it also needs ${scope}`,
      },
      expression,
    },
    { 'www-authenticate': `Bearer realm="passerelle", error="insufficient_scope", scope="${scope}"` },
  );
}

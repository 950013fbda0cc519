import type { Router } from 'express';

/** An application has a router; a router is one. */
const stackOf = (router: Router): Router['stack'] =>
  ('router' in router ? (router.router as Router) : router).stack;

/** The routes that Express has, as `GET /api/status`. One with guards is there several times. */
export const routesIn = (router: Router): string[] => inStack(stackOf(router));

function inStack(stack: Router['stack']): string[] {
  return stack.flatMap(({ route, handle }) => {
    if (route) return route.stack.map(({ method }) => `${method.toUpperCase()} ${route.path}`);
    return 'stack' in handle ? inStack(handle.stack as Router['stack']) : [];
  });
}

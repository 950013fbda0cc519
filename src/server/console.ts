import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import sirv from 'sirv';
import { packageRoot } from '../system/package-root.ts';

/** The console: files that `npm run build` makes of console/. What is in them is public; what they show, they ask for. */

/** Nothing but what is ours; styles that scripts set by the CSSOM fall under no policy (CSP 3, section 8.3). */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'referrer-policy': 'same-origin',
};

const FILES = /^\/(assets\/[\w.-]+|icon\.svg)$/;

/** Pages of the console: its own router shows them, and each can be an address that somebody keeps or reloads. */
export const CONSOLE_PAGES = [
  ...['/', '/agenda', '/todo', '/connections', '/connections/edit', '/outage', '/policies', '/set-up'],
] as const;

/** @param folder where it was built; where it was not, there is no console. */
export function consolePages(folder = join(packageRoot, 'dist', 'console')): RequestHandler {
  if (!existsSync(join(folder, 'index.html'))) return (_request, _response, next) => next();
  const serve = sirv(folder, { gzip: true, brotli: true, etag: true });
  const pages = new Set<string>(CONSOLE_PAGES);
  return (request, response, next) => {
    const { method, path } = request;
    const isRead = method === 'GET' || method === 'HEAD';
    if (isRead && pages.has(path)) request.url = '/';
    else if (!isRead || !FILES.test(path)) return next();
    // Also on a 304, whose headers take the place of those that the browser has kept (RFC 9111, section 4.3.4).
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    // The names of what is in assets/ have the hash of it.
    const isNamedByContent = path.startsWith('/assets/');
    response.setHeader(
      'cache-control',
      isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache',
    );
    serve(request, response, next);
  };
}

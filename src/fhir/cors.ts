import type { ServerResponse } from 'node:http';

/**
 * Pages of any origin may call (Fetch standard, CORS protocol): what lets a caller in is a token that the page itself has
 * to send, and never a cookie that a browser adds by itself.
 */
const HEADERS: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'Content-Language, Content-Location, ETag, Last-Modified, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate',
};

const PREFLIGHT: Readonly<Record<string, string>> = {
  'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
  'access-control-allow-headers':
    'Accept, Accept-Language, Authorization, Content-Encoding, Content-Type, If-Match, If-Modified-Since, ' +
    'If-None-Exist, If-None-Match, Last-Event-ID, Prefer',
  // As long as browsers keep it.
  'access-control-max-age': '86400',
};

/** To be called before the answer is written. */
export function allowOrigins(response: ServerResponse): void {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
}

/** Answers OPTIONS: nothing is told here that the capability statement does not tell everybody. */
export function answerOptions(response: ServerResponse): void {
  response.writeHead(204, { allow: PREFLIGHT['access-control-allow-methods'], ...PREFLIGHT });
  response.end();
}

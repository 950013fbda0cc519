import type { z } from 'zod';
import { issuesOf } from '../http.ts';

/** Requests and replies of a simulator as plain values: the routes are functions, and know no socket. */

export type SimRequest = {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Parsed JSON, or a form as its text; undefined when there was none. */
  readonly body: unknown;
};

export type SimReply = {
  readonly status: number;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** In its place, sent as it is; the headers say what it is. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

type Handler = (request: SimRequest, parameters: readonly string[]) => SimReply;
/** `GET /v1/agendas/:agenda`: each part that begins with a colon is handed over, decoded, in order. */
export type Routes = Readonly<Record<string, Handler>>;

/** Answers by the first route that fits; 404 when none does. */
export function createRouter(routes: Routes): (request: SimRequest) => SimReply {
  const table = Object.entries(routes).map(([route, handler]) => {
    const [method, template = ''] = route.split(' ');
    return { method, parts: template.split('/'), handler };
  });
  return (request) => {
    const parts = request.path.split('/');
    for (const { method, parts: wanted, handler } of table) {
      if (method !== request.method || wanted.length !== parts.length) continue;
      const parameters: string[] = [];
      const fits = wanted.every((part, index) => {
        const given = parts[index] ?? '';
        if (!part.startsWith(':')) return part === given;
        const text = decoded(given);
        if (text === null) return false;
        parameters.push(text);
        return true;
      });
      if (fits) return handler(request, parameters);
    }
    return { status: 404, body: { error: 'no such route' } };
  };
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

/** Answers with what `use` makes of the body, or 400 with where the body is wrong. */
export function withBody<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  use: (value: z.output<Schema>) => SimReply,
): SimReply {
  const parsed = schema.safeParse(body);
  return parsed.success ? use(parsed.data) : { status: 400, body: { error: issuesOf(parsed.error) } };
}

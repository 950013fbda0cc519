import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { GatewayEnvironment } from '../config/environment.ts';
import { CommandFailure } from './dependencies.ts';

/** One request to the running gateway, as its administrator. */

/** Without a scheme in front, and with the brackets that a URL wants around an IPv6 address. */
export function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

export type ClientOptions = { readonly url: string | undefined; readonly token: string | undefined };

export type Gateway = {
  /** Without a slash at its end. */
  readonly url: string;
  /** @throws CommandFailure that says what to do, where it does not answer, or refuses. */
  readonly ask: (method: 'GET' | 'POST', path: string, body?: object) => Promise<Response>;
};

/** @throws CommandFailure when there is no token. */
export async function reachGateway(
  environment: GatewayEnvironment,
  options: ClientOptions,
): Promise<Gateway> {
  const url = (options.url ?? urlOf(environment.host, environment.port)).replace(/\/+$/, '');
  const token = options.token ?? (await readToken(environment.dataFolder, url));
  return { url, ask: (method, path, body) => request(url, token, path, method, body) };
}

async function readToken(dataFolder: string, url: string): Promise<string> {
  const path = join(dataFolder, 'admin-token');
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch {
    throw new CommandFailure(
      `no token in ${path}: the first start of the gateway writes it. ${howToStart(url)}, or give --token`,
    );
  }
}

async function request(
  url: string,
  token: string,
  path: string,
  method: string,
  body?: object,
): Promise<Response> {
  let response: Response;
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    // As the commands themselves speak.
    'accept-language': 'en',
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  try {
    response = await fetch(url + path, { method, headers, ...sent });
  } catch (error) {
    const reason =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new CommandFailure(`no gateway answers at ${url} (${reason}). ${howToStart(url)}`);
  }
  if (response.ok) return response;
  if (response.status === 401) {
    throw new CommandFailure(`${url} refuses the token: it is in admin-token of the gateway's data folder`);
  }
  throw new CommandFailure(`${url}${path} answers ${response.status}: ${await diagnosticsOf(response)}`);
}

const howToStart = (url: string): string =>
  `Start it with "passerelle serve" (in a checkout: npm start), or name another than ${url} with --url`;

const Outcome = z.object({ issue: z.array(z.object({ diagnostics: z.string() })).min(1) });

async function diagnosticsOf(response: Response): Promise<string> {
  const parsed = Outcome.safeParse(await response.json().catch(() => null));
  return parsed.success
    ? parsed.data.issue.map(({ diagnostics }) => diagnostics).join('; ')
    : 'no reason given';
}

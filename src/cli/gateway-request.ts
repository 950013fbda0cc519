import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { GatewayEnvironment } from '../config/environment.ts';
import { MINUTE } from '../domain/instant.ts';
import { CommandFailure } from './dependencies.ts';

/** One request to the running gateway, as its administrator. */

/** Without a scheme in front, and with the brackets that a URL wants around an IPv6 address. */
export function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

const ANSWER_MILLISECONDS = MINUTE;
/** More than a gateway ever says. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

export type ClientOptions = { readonly url: string | undefined; readonly token: string | undefined };

export type Gateway = {
  /** Without a slash at its end. */
  readonly url: string;
  /** Its answer, JSON. @throws CommandFailure that says what to do, where it does not answer, or refuses. */
  readonly ask: (method: 'GET' | 'POST', path: string, body?: object) => Promise<unknown>;
  /** The same of an answer that comes bit by bit, for as long as it takes; fetch gives up one that falls silent. */
  readonly stream: (method: 'GET' | 'POST', path: string) => Promise<Response>;
};

/** @throws CommandFailure when there is no token. */
export async function reachGateway(
  environment: GatewayEnvironment,
  options: ClientOptions,
): Promise<Gateway> {
  const url = (options.url ?? urlOf(environment.host, environment.port)).replace(/(?<!\/)\/+$/, '');
  const token = options.token ?? (await readToken(environment.dataFolder, url));
  return {
    url,
    stream: (method, path) => request(url, token, path, { method }),
    ask: async (method, path, body) => {
      const signal = AbortSignal.timeout(ANSWER_MILLISECONDS);
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await request(url, token, path, { method, signal, ...sent });
      try {
        return JSON.parse(await textOf(response));
      } catch (error) {
        if (error instanceof CommandFailure) throw error;
        throw new CommandFailure(`${url}${path} gave no whole answer: try again`);
      }
    },
  };
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
  wanted: Pick<RequestInit, 'method' | 'body' | 'signal'>,
): Promise<Response> {
  let response: Response;
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    // As the commands themselves speak.
    'accept-language': 'en',
  };
  try {
    // The token is for this address, and for none that it names.
    response = await fetch(url + path, { ...wanted, headers, redirect: 'error' });
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
  const parsed = Outcome.safeParse(
    await textOf(response)
      .then(JSON.parse)
      .catch(() => null),
  );
  return parsed.success
    ? parsed.data.issue.map(({ diagnostics }) => diagnostics).join('; ')
    : 'no reason given';
}

/** @throws CommandFailure when it does not end. */
async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw new CommandFailure(`${response.url} answers without end`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

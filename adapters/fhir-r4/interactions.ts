import { Client, type FhirResource, type RequestOptions } from 'fhir-kit-client';
import { Fault } from '../../src/adapter/faults.ts';
import type { HttpRequest, HttpResponse } from '../../src/adapter/http.ts';

/**
 * FHIR's RESTful interactions (R4, http.html) as fhir-kit-client words them, sent by our own HTTP. By itself it calls the global
 * fetch, whose target nobody judges and whose answer has no bound, and the message of its errors is the whole URL, which may
 * have a patient's number in it.
 */

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const;

/** Its interactions answer resources. What the server said, status and all, comes with each. */
const ANSWER = Symbol('what the server answered');
type Answered = FhirResource & { readonly [ANSWER]?: HttpResponse };

/** @param send gets paths below the base of the server. */
export function interactionsOver(
  baseUrl: string,
  send: (request: HttpRequest) => Promise<HttpResponse>,
): Client {
  const client = new Client({ baseUrl });
  client.httpClient.request = async (name, url, options = {}, body): Promise<Answered> => {
    const method = METHODS.find((each) => each === name);
    if (!method) throw new Fault('malformed', `${name} is no interaction of this adapter`);
    const { headers, signal } = options;
    const answer = await send({
      method,
      path: url.startsWith('/') ? url : `/${url}`,
      ...(headers ? { headers } : {}),
      ...(signal instanceof AbortSignal ? { signal } : {}),
      ...(body === undefined ? {} : { body }),
    });
    return { resourceType: '', [ANSWER]: answer };
  };
  return client;
}

/** What the server answered to an interaction, also where it refused it. @throws Fault of transport */
export async function answerTo(interaction: Promise<FhirResource>): Promise<HttpResponse> {
  const { [ANSWER]: answer }: Answered = await interaction;
  if (!answer) throw new Fault('malformed', 'an interaction without an answer');
  return answer;
}

/** @param signal undefined = it is not ended before its time-out. */
export const within = (
  signal: AbortSignal | undefined,
  headers: Readonly<Record<string, string>> = {},
): RequestOptions => ({ headers: { ...headers }, ...(signal ? { signal } : {}) });

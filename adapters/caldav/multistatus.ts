import sax from 'sax';
import { davRequest } from 'tsdav';
import { z } from 'zod';
import { Fault } from '../../src/adapter/faults.ts';
import type { Http } from '../../src/adapter/http.ts';

/**
 * WebDAV requests that answer with a multistatus (RFC 4918, section 13). tsdav writes and reads the XML; the request
 * itself goes through the adapter's own HTTP, for its pace, time-outs and faults, and because tsdav takes a failed
 * report and an answer that is no XML for an empty list.
 */

/** tsdav's form of a response: names in camelCase without prefix; only the properties that were found. */
export const Text = z.union([
  z.string(),
  z.object({ _cdata: z.string() }).transform((value) => value._cdata),
]);
const text = Text.optional().catch(undefined);
const Answer = z.object({
  href: z.string().optional(),
  /** Of this response; 207 when its properties have each their own. */
  status: z.number(),
  raw: z.unknown().optional(),
  props: z
    .object({
      getetag: text,
      getlastmodified: text,
      syncToken: text,
      displayname: text,
      calendarData: text,
      resourcetype: z.unknown().optional(),
    })
    .loose()
    .optional(),
});
export type Answer = z.output<typeof Answer>;
const Document = z.object({ multistatus: z.looseObject({ syncToken: Text.optional() }) });

export type Ask = {
  readonly method: 'PROPFIND' | 'REPORT';
  readonly path: string;
  readonly depth: '0' | '1';
  /** The XML document as xml-js writes it. */
  readonly body: object;
  /** Statuses that the caller reads itself instead of as a fault. */
  readonly answers?: readonly number[];
  readonly signal?: AbortSignal | undefined;
};

export type Report =
  | { readonly kind: 'multistatus'; readonly answers: readonly Answer[]; readonly syncToken: string | null }
  | { readonly kind: 'refused'; readonly status: number; readonly text: string };

/** @throws Fault, `malformed` for a 207 without a multistatus: what can't be read is not empty. */
export async function ask(http: Http, wanted: Ask): Promise<Report> {
  let answered = { status: 0, text: '' };
  const responses = await davRequest({
    url: wanted.path,
    init: { method: wanted.method, headers: {}, body: wanted.body },
    fetch: async (_url, init) => {
      const response = await http.request({
        method: wanted.method,
        path: wanted.path,
        headers: { accept: 'application/xml, text/xml', 'content-type': XML, depth: wanted.depth },
        body: String(init?.body),
        writes: false,
        ...(wanted.answers ? { answers: wanted.answers } : {}),
        ...(wanted.signal ? { signal: wanted.signal } : {}),
      });
      answered = response;
      const readable = response.status === 207 && isXml(response.text);
      const headers = { 'content-type': readable ? XML : 'text/plain' };
      // What is no multistatus is not read, and of some statuses (204, 304) no Response with a text can be made.
      return new Response(readable ? response.text : null, { status: 207, headers });
    },
  });
  if (answered.status !== 207) return { kind: 'refused', status: answered.status, text: answered.text };
  const answers = z.array(Answer).safeParse(responses);
  const document = Document.safeParse(answers.data?.[0]?.raw);
  if (!answers.success || !document.success) {
    throw new Fault('malformed', `${wanted.method} ${wanted.path}: 207 without a multistatus`);
  }
  return {
    kind: 'multistatus',
    answers: answers.data,
    syncToken: document.data.multistatus.syncToken ?? null,
  };
}

/**
 * Well-formed. tsdav's reader refuses what is not, but only at its end, and each error on the way costs it some 50 µs: as
 * many as characters outside of the root, so that some megabytes would hold up the whole process for minutes.
 */
function isXml(text: string): boolean {
  const parser = sax.parser(true);
  parser.onerror = (error) => {
    throw error;
  };
  try {
    parser.write(text).close();
  } catch {
    return false;
  }
  return text.trim() !== '';
}

const XML = 'application/xml; charset=utf-8';

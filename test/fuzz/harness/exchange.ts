import { Agent, type IncomingMessage, request } from 'node:http';
import type { Bundle, OperationOutcome, OperationOutcomeIssue } from 'fhir/r4.js';
import { must } from './target.ts';

/** A request as hostile as Node's own client lets it be, and what every answer of the server owes. */

export type Exchange = {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Left out = none. */
  readonly body?: string;
};

export type Answered = {
  readonly status: number;
  /** Null of a stream, which has no end. */
  readonly text: string | null;
};

const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const STREAM = 'text/event-stream';

/** What can't be sent in a header: Node's client refuses it before anybody is asked. */
const headerText = (text: string): string => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '');
/** Nor in the first line. */
const pathText = (text: string): string => `/${text.replace(/[^\x21-\xff]/g, '').replace(/^\/+/, '')}`;
const headerName = (text: string): string => text.replace(/[^A-Za-z0-9-]/g, '') || 'x';

/** @param url of the server. @throws Error when it hangs up, or the answer is not whole. */
export function exchange(url: string, { method, path, headers = {}, body }: Exchange): Promise<Answered> {
  const { hostname, port } = new URL(url);
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const sent: Record<string, string | number> = bytes ? { 'content-length': bytes.length } : {};
  for (const [name, value] of Object.entries(headers)) sent[headerName(name)] = headerText(value);
  const attempt = (mayRepeat: boolean): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const asked = request(
        { agent, hostname, port, method, path: pathText(path), headers: sent },
        (response) => resolve(answered(response)),
      );
      asked.once('error', (error: NodeJS.ErrnoException) => {
        // The server may end a connection that is kept just as it is used again, which is nobody's fault.
        if (mayRepeat && asked.reusedSocket && error.code === 'ECONNRESET') resolve(attempt(false));
        else reject(error);
      });
      asked.end(bytes);
    });
  return attempt(true);
}

async function answered(response: IncomingMessage): Promise<Answered> {
  const status = response.statusCode ?? 0;
  if (response.headers['content-type']?.startsWith(STREAM)) {
    response.on('error', () => undefined).destroy();
    return { status, text: null };
  }
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status, text: Buffer.concat(chunks).toString() };
}

/** Values that stand for a patient's, in samples: a refusal doesn't say them back. */
const OF_A_PATIENT = /Fictif|FICA|555-0199|anne@example/;
/** Of what Node itself cannot read as HTTP it says so in a bare line. */
const BARE = new Set([400, 408, 417, 431]);

/** @throws Error where an answer is none that a client can do something with. @returns the status, in a word. */
export function sound({ method, path }: Exchange, { status, text }: Answered): string {
  must(status >= 200 && status < 500, `answered ${status}: ${text}`);
  if (status < 400) {
    if (text?.startsWith('{"resourceType":"Bundle"')) partsAre(text);
    return String(status);
  }
  if (method === 'HEAD' || (text === '' && BARE.has(status))) return String(status);
  must(!OF_A_PATIENT.test(text ?? ''), `a refusal that says what a patient is called: ${text}`);
  if (path.startsWith('/oauth/token') && text?.startsWith('{"error":'))
    return `${status} ${oauthError(text)}`;
  const [issue] = issuesIn(JSON.parse(text ?? '') as OperationOutcome | Bundle);
  must(issue !== undefined, `refused without a word: ${text}`);
  return `${status} ${issue.code}`;
}

/** RFC 6749, section 5.2. */
function oauthError(text: string): string {
  const { error, error_description: why } = JSON.parse(text) as Record<string, string>;
  must(Boolean(error) && Boolean(why), `refused without a reason: ${text}`);
  return error ?? '';
}

/** IHE Scheduling wants a Bundle that has the outcome in it. @throws Error where one has no reason. */
function issuesIn(resource: OperationOutcome | Bundle): OperationOutcomeIssue[] {
  const outcomes =
    resource.resourceType === 'Bundle' ? (resource.entry ?? []).map((entry) => entry.resource) : [resource];
  const issues = outcomes
    .filter((each): each is OperationOutcome => each?.resourceType === 'OperationOutcome')
    .flatMap(({ issue }) => issue);
  for (const { diagnostics } of issues) must(Boolean(diagnostics), 'refused without a reason');
  return issues;
}

/** Of a batch each entry has a status of its own. */
function partsAre(text: string): void {
  must(!/"status":"5\d\d/.test(text), `an entry failed: ${text}`);
}

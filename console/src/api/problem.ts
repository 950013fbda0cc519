/** What a request failed with, in the words of the gateway, which answers in the language that it was asked in. */
export class Problem extends Error {
  /** 0 = nobody answered. */
  readonly status: number;
  /** By `OperationOutcome.issue.expression`: which field of a form it is about. */
  readonly issues: readonly Issue[];

  constructor(status: number, issues: readonly Issue[]) {
    super(issues.map(({ text }) => text).join('\n'));
    this.status = status;
    this.issues = issues;
  }
}

export type Issue = { readonly text: string; readonly expression: string | null };

/** Of an OperationOutcome (FHIR R4), or of whatever else a proxy on the way has answered. */
export function issuesOf(body: unknown, status: number): readonly Issue[] {
  const found = isOutcome(body)
    ? body.issue.map(({ diagnostics, details, expression }) => ({
        text: diagnostics ?? details?.text ?? `HTTP ${status}`,
        expression: expression?.[0] ?? null,
      }))
    : [];
  return found.length > 0 ? found : [{ text: `HTTP ${status}`, expression: null }];
}

type Outcome = {
  readonly issue: readonly {
    readonly diagnostics?: string;
    readonly details?: { readonly text?: string };
    readonly expression?: readonly string[];
  }[];
};

const isOutcome = (body: unknown): body is Outcome =>
  typeof body === 'object' && body !== null && 'issue' in body && Array.isArray(body.issue);

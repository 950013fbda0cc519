/** Mail to the people of a clinic. It never names a patient. */

export type Message = {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
};

export type Mailer = {
  /** Resolves once the server has taken it. @throws Fault that says why not, without an address of anybody. */
  readonly send: (message: Message, signal: AbortSignal) => Promise<void>;
};

/** So long after the deadline of a task, these are told. */
export type EscalationStep = { readonly afterMilliseconds: number; readonly to: readonly string[] };

export type Escalation = {
  readonly mailer: Mailer;
  /** By connection, each step later than the one before. */
  readonly steps: ReadonlyMap<string, readonly EscalationStep[]>;
};

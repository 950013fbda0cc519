/**
 * The faults of transport that an adapter may throw; a refusal is a return value instead (`Written`).
 * `throttled`: asked to slow down. `unavailable`: not reached, or 5xx. `unauthorized`: credentials refused, so that
 * trying again is useless until somebody acts. `forbidden`: not called, since the configuration does not allow its
 * address. `malformed`: an answer that the contract does not allow. `unsure`: a write may have landed; read back by our
 * mark before any retry.
 */
export type FaultKind = 'throttled' | 'unavailable' | 'unauthorized' | 'forbidden' | 'malformed' | 'unsure';

export class Fault extends Error {
  override readonly name = 'Fault';
  readonly kind: FaultKind;
  /** How long the platform asked us to wait (RFC 9110, section 10.2.3), in milliseconds. */
  readonly retryAfterMilliseconds: number | null;

  /** @param message what went wrong, without any value that a patient gave. */
  constructor(
    kind: FaultKind,
    message: string,
    options: { retryAfterMilliseconds?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.retryAfterMilliseconds = options.retryAfterMilliseconds ?? null;
  }
}

export const isFault = (error: unknown): error is Fault => error instanceof Fault;

/**
 * The faults of transport that an adapter may throw; a refusal is a return value instead (`Written`).
 * `throttled`: asked to slow down. `unavailable`: not reached, or 5xx. `unauthorized`: credentials refused, so that
 * trying again is useless until somebody acts. `forbidden`: not called, since the configuration does not allow its
 * address. `malformed`: an answer that the contract does not allow. `unsure`: a write may have landed; read back by our
 * mark before any retry.
 */
export const FAULT_KINDS = [
  'throttled',
  'unavailable',
  'unauthorized',
  'forbidden',
  'malformed',
  'unsure',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** By it one is known that another copy of this package made, as an adapter's own may be; `instanceof` would not. */
const BRAND = Symbol.for('passerelle.Fault');

export class Fault extends Error {
  override readonly name = 'Fault';
  readonly [BRAND] = true;
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

export const isFault = (error: unknown): error is Fault => error instanceof Error && BRAND in error;

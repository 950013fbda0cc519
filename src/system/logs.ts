import type { Logger } from 'pino';
import { isFault } from '../adapter/faults.ts';
import type { NotificationOutcome } from '../engine/ports/subscriptions.ts';

/** What is logged of what happens beside requests: never a value that a patient gave. */

/** Platforms fail every day, and the circuit tells of it; what is not a platform's fault is another matter. */
export const errorLog =
  (logger: Logger) =>
  (reason: string, error: unknown): void => {
    if (isFault(error)) logger.info({ reason }, 'call failed');
    else logger.warn({ reason, stack: stackOf(error) }, 'work failed');
  };

/** Whose details were given out or erased, whatever level the log has: it is asked for afterwards. By id only. */
export function accessLog(logger: Logger, what: string): (ids: readonly string[]) => void {
  const log = lastingLog(logger, what);
  return (patients) => log({ patients });
}

/** Of what is asked for afterwards, whatever level the log has. */
export function lastingLog(logger: Logger, what: string): (fields: object) => void {
  const log = lasting(logger);
  return (fields) => log.info(fields, what);
}

/** Has info and what is worse whatever level the log has, unless it is silent. */
export const lasting = (logger: Logger): Logger =>
  logger.child({}, { level: logger.isLevelEnabled('fatal') ? 'info' : 'silent' });

/** By its id: an endpoint may have a secret in it. */
export function recordOutcome(
  logger: Logger,
  { subscriptionId, outcome, trouble }: NotificationOutcome,
): void {
  const level = outcome === 'ended' ? 'warn' : outcome === 'failed' ? 'info' : 'debug';
  logger[level]({ subscription: subscriptionId, trouble }, `notification ${outcome}`);
}

/** Where it came from, without its message: a database quotes values in it. */
export const stackOf = (error: unknown): string | undefined =>
  error instanceof Error ? error.stack?.replace(/^[\s\S]*?\n(?= {4}at )/, '') : undefined;

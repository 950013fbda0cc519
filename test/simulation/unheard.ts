import { CANARY, type Request } from './callers.ts';
import { type Evidence, MARK } from './checker.ts';
import { isList } from './site.ts';

/**
 * A booking was written, the answer was lost, and its patient cancelled it at the platform before anything there was read.
 * To whoever then asks for it, it looks like one that never landed, so it is written again: nobody but the platform could
 * tell, and it does not.
 */
export function isUnheard(
  { sites, cancelledReferences }: Pick<Evidence, 'sites' | 'cancelledReferences'>,
  { home, appointmentId }: Pick<Request, 'home' | 'appointmentId'>,
): boolean {
  const reference = `${MARK}${appointmentId}`;
  const cancelledAt = cancelledReferences.get(reference);
  if (cancelledAt === undefined) return false;
  const before = sites[home].log.filter(({ at }) => at <= cancelledAt);
  const [first, ...more] = before.filter(
    ({ method, body }) => method === 'POST' && body.includes(reference) && body.includes(CANARY),
  );
  if (!first) return false;
  const isRead = before.some((asked) => isList(asked) && asked.at > first.at && asked.isHeard);
  return !isRead && [first, ...more].every(({ isHeard }) => !isHeard);
}

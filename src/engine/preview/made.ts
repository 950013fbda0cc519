import { earlier, type Instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Case, Fact, RecordedPeriod } from '../ports/policy-preview.ts';

/** How a booking or a hold came about, by what the event log has of it. Pure. */

export type Made = {
  readonly how: Case['how'];
  /** Where it was booked; null = by the clinic itself, at no platform. */
  readonly connectionId: string | null;
  readonly at: Instant;
  /** The time that was booked then. */
  readonly interval: Interval;
  /** On behalf of a platform that was down. */
  readonly isAccepted: boolean;
};

/** @returns null of what was never booked: a hold, or what its platform refused. */
export function madeOf(period: RecordedPeriod): Made | null {
  const { kind, facts, originId, interval, changedAt } = period;
  if (kind !== 'appointment') return null;
  const first = facts.find(
    ({ type }) => type === 'appointment.claimed' || type === 'busy.observed' || type === 'appointment.booked',
  );
  // What is older than the log.
  if (!first) return { how: 'platform', connectionId: originId, at: changedAt, interval, isAccepted: false };
  const { connectionId, type } = first;
  if (type === 'busy.observed') {
    // Its platform says when it last changed: of one that never did since, when it was booked.
    const at = facts.length === 1 && period.endedAt === null ? earlier(first.at, changedAt) : first.at;
    const how = connectionId === null ? 'clinic' : 'platform';
    return { how, connectionId, at, interval: first.interval, isAccepted: false };
  }
  if (type === 'appointment.booked') {
    return {
      how: connectionId === null ? 'clinic' : 'passerelle',
      ...{ connectionId, at: first.at, interval: first.interval, isAccepted: false },
    };
  }
  const isAccepted = facts.some((fact) => fact.type === 'appointment.accepted');
  const isBooked = isAccepted || facts.some((fact) => fact.type === 'appointment.booked');
  return isBooked
    ? { how: 'passerelle', connectionId, at: first.at, interval: first.interval, isAccepted }
    : null;
}

/** Whether its patient still had it when it began. */
export const isKept = ({ endedAt, interval }: RecordedPeriod): boolean =>
  endedAt === null || endedAt > interval.start;

/** What was cancelled or moved through Passerelle, with the time that it had until then. */
export type GivenUp = {
  readonly kind: 'cancellation' | 'move';
  readonly at: Instant;
  readonly interval: Interval;
};

/** @param isSettled whether a conflict of it was settled at that instant: no rule of cancelling stands in the way of that. */
export function givenUp(period: RecordedPeriod, isSettled: (at: Instant) => boolean): GivenUp[] {
  if (period.kind !== 'appointment') return [];
  return period.facts.flatMap((fact, index) => {
    const kind = GIVING_UP[fact.type];
    if (!kind || isSettled(fact.at)) return [];
    const before = kind === 'move' ? (period.facts[index - 1] ?? null) : fact;
    return before === null ? [] : [{ kind, at: fact.at, interval: before.interval }];
  });
}

const GIVING_UP: Partial<Record<Fact['type'], GivenUp['kind']>> = {
  'appointment.cancelled': 'cancellation',
  'appointment.moved': 'move',
};

/** A hold that somebody asked Passerelle for. */
export type Held = {
  readonly at: Instant;
  readonly interval: Interval;
  readonly connectionId: string | null;
  /** When it was booked, given back, or over. */
  readonly until: Instant;
  /** Whether it ended by itself. */
  readonly isLapsed: boolean;
};

/** @returns null where there was none, or it is not over. */
export function heldOf({ kind, facts, expiresAt, endedAt }: RecordedPeriod): Held | null {
  const index = facts.findIndex(({ type }) => type === 'appointment.held');
  const held = facts[index];
  if (!held) return null;
  const next = facts.slice(index + 1).find(({ type }) => ENDS_HOLD.has(type));
  const until = next?.at ?? endedAt;
  if (until === null || until === undefined) return null;
  const isLapsed = kind === 'hold' && expiresAt !== null && until >= expiresAt;
  return {
    ...{ at: held.at, interval: held.interval, connectionId: held.connectionId },
    until: isLapsed && expiresAt !== null ? expiresAt : until,
    isLapsed,
  };
}

const ENDS_HOLD: ReadonlySet<Fact['type']> = new Set([
  'appointment.claimed',
  'appointment.booked',
  'appointment.accepted',
  'appointment.cancelled',
  'appointment.refused',
  'busy.ended',
]);

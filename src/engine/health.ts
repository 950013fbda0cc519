import { type Instant, plus, SECOND } from '../domain/instant.ts';
import { failed, isOpen, succeeded } from './circuit.ts';
import type { Context } from './context.ts';
import type { EngineEvent } from './ports/events.ts';
import type { ConnectionState } from './ports/store.ts';

/** Keeps the state of a connection as calls succeed or fail, and says when it went down or came back. */

/** Whoever probes and dies holds up the others no longer than this. */
const PROBE_MILLISECONDS = 30 * SECOND;

export type Callable = ConnectionState & {
  /** The circuit was open, and is so for everybody else until then: this caller finds out. Null = it is closed. */
  readonly probeUntil: Instant | null;
};

/**
 * The state when calls may be made; null while the circuit is open or the connection is paused. When the time of an open
 * circuit is over one caller gets it and no other, until it has told how that went (or passed it on): a platform that
 * is down, or barely up again, must not meet all that has waited.
 */
export async function callable(context: Context, connectionId: string): Promise<Callable | null> {
  const state = await context.store.connectionState(connectionId);
  const now = context.environment.clock.now();
  if (state.paused || isOpen(state, now)) return null;
  if (state.openUntil === null) return { ...state, probeUntil: null };
  const probeUntil = plus(now, PROBE_MILLISECONDS);
  const isOurs = await context.store.moveOpenUntil(connectionId, state.openUntil, probeUntil);
  return isOurs ? { ...state, probeUntil } : null;
}

/** No call was made, so the next caller may find out. */
export async function passOn(context: Context, { id, openUntil, probeUntil }: Callable): Promise<void> {
  if (openUntil !== null && probeUntil !== null) await context.store.moveOpenUntil(id, probeUntil, openUntil);
}

export async function recordSuccess(context: Context, state: ConnectionState): Promise<ConnectionState> {
  const now = context.environment.clock.now();
  if (state.failures === 0 && state.lastSuccessAt !== null) return state;
  const next = succeeded(state, now);
  await context.store.recordConnection(next);
  if (state.failures > 0) {
    await announce(context, { type: 'connection.up', at: now, connectionId: state.id, reason: null });
    context.queue.wake({ kind: 'deliver', connectionId: state.id });
  }
  return next;
}

export async function recordFault(
  context: Context,
  state: ConnectionState,
  error: unknown,
): Promise<ConnectionState> {
  const { clock, random } = context.environment;
  const now = clock.now();
  const next = failed(state, error, now, random);
  await context.store.recordConnection(next);
  if (next.openUntil !== null) {
    context.queue.wake({ kind: 'deliver', connectionId: state.id }, next.openUntil - now);
    if (state.openUntil === null) {
      await announce(context, {
        type: 'connection.down',
        at: now,
        connectionId: state.id,
        reason: next.lastError,
      });
    }
  }
  return next;
}

/** Appends to the log, then tells. */
export async function announce(context: Context, event: EngineEvent): Promise<void> {
  await context.store.appendEvents([event]);
  context.onEvent(event);
}

import { failed, isOpen, succeeded } from './circuit.ts';
import type { Context } from './context.ts';
import type { EngineEvent } from './ports/events.ts';
import type { ConnectionState } from './ports/store.ts';

/** Keeps the state of a connection as calls succeed or fail, and says when it went down or came back. */

/** The state when calls may be made; null while the circuit is open or the connection is paused. */
export async function callable(context: Context, connectionId: string): Promise<ConnectionState | null> {
  const state = await context.store.connectionState(connectionId);
  return state.paused || isOpen(state, context.environment.clock.now()) ? null : state;
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

import { endedEvent } from './conflicts.ts';
import type { Context } from './context.ts';
import { NOTHING } from './ports/store.ts';

/** A conflict whose time has passed is over: whoever came has been seen, and there is nothing left to choose. */
export async function passConflicts({ store, environment, onEvent }: Context): Promise<void> {
  const at = environment.clock.now();
  const events = await store.transaction(async (transaction) => {
    const passed = await transaction.passConflicts(at);
    const told = passed.map((conflict) => endedEvent(conflict, at));
    if (told.length > 0) await transaction.apply({ ...NOTHING, events: told }, at);
    return told;
  });
  for (const event of events) onEvent(event);
}

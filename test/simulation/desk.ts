import type { Resolution } from '../../src/domain/conflict.ts';
import type { ResolveCommand } from '../../src/engine/ports/conflicts.ts';
import type { Dice } from './dice.ts';
import type { Gateway } from './gateway.ts';

/** Somebody at the clinic who looks at the conflicts now and then, and settles one. */

export const DESK = 'secretariat';

export type Order = {
  readonly conflictId: string;
  readonly resolution: Resolution;
};

export class Desk {
  /** All that was asked for, whether or not it was answered. */
  readonly orders: Order[] = [];
  readonly #dice: Dice;
  readonly #gateway: () => Gateway | null;

  constructor(dice: Dice, gateway: () => Gateway | null) {
    this.#dice = dice;
    this.#gateway = gateway;
  }

  async act(): Promise<void> {
    const gateway = this.#gateway();
    if (!gateway) return;
    try {
      const open = await gateway.engine.conflicts.list({ state: 'open', limit: 20 });
      if (open.length === 0) return;
      const { id } = this.#dice.one(open);
      const command = await this.#choose(gateway, id);
      if (!command) return;
      this.orders.push({ conflictId: id, resolution: command.resolution });
      await gateway.engine.conflicts.resolve(id, command);
    } catch {
      // The database did not answer.
    }
  }

  async #choose(gateway: Gateway, id: string): Promise<ResolveCommand | null> {
    const throwOf = this.#dice.next();
    if (throwOf < 0.2) return { by: DESK, resolution: 'keep-a' };
    if (throwOf < 0.4) return { by: DESK, resolution: 'keep-b' };
    if (throwOf < 0.5) return { by: DESK, resolution: 'keep-both' };
    const conflict = await gateway.engine.conflicts.find(id);
    const moves = (['a', 'b'] as const).flatMap((side) =>
      (conflict?.proposals[side] ?? []).map(({ slotId, connectionId }) => ({
        order: { by: DESK, resolution: 'move', side, slotId } as const,
        // Only its own platform knows who comes.
        isAtHome: connectionId === conflict?.bookings[side].originId,
      })),
    );
    const atHome = moves.filter(({ isAtHome }) => isAtHome);
    const among = atHome.length > 0 && this.#dice.chance(0.8) ? atHome : moves;
    return among.length === 0 ? null : this.#dice.one(among).order;
  }
}

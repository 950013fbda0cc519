import { HOUR, type Instant, instant, MINUTE, plus } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { type Evidence, when } from './checker.ts';
import type { Dice } from './dice.ts';
import type { Gateway } from './gateway.ts';

/** Somebody at the clinic who closes time of a practitioner by themselves, and opens some of it again. */

export type Closure = {
  readonly scheduleId: string;
  readonly interval: Interval;
  /** Null: they were not answered, and whether it is closed nobody told them. */
  id: string | null;
  /** `unknown`: somebody was opening it and was not answered. */
  fate: 'standing' | 'opened' | 'unknown';
};

export class Closer {
  readonly closures: Closure[] = [];
  readonly #dice: Dice;
  readonly #now: () => Instant;
  readonly #scheduleIds: readonly string[];
  readonly #gateway: () => Gateway | null;

  constructor(world: {
    readonly dice: Dice;
    readonly now: () => Instant;
    readonly scheduleIds: readonly string[];
    readonly gateway: () => Gateway | null;
  }) {
    this.#dice = world.dice;
    this.#now = world.now;
    this.#scheduleIds = world.scheduleIds;
    this.#gateway = world.gateway;
  }

  async act(): Promise<void> {
    const gateway = this.#gateway();
    if (!gateway) return;
    const standing = this.closures.filter(({ id, fate }) => id !== null && fate === 'standing');
    try {
      if (standing.length > 0 && this.#dice.chance(0.4)) await this.#open(gateway, this.#dice.one(standing));
      else await this.#close(gateway);
    } catch {
      // The database did not answer.
    }
  }

  async #close(gateway: Gateway): Promise<void> {
    const minute = instant(Math.ceil(this.#now() / MINUTE) * MINUTE);
    const start = plus(minute, this.#dice.whole(2 * 60, 48 * 60) * MINUTE);
    const interval = { start, end: plus(start, this.#dice.whole(1, 16) * (HOUR / 4)) };
    const closure: Closure = {
      scheduleId: this.#dice.one(this.#scheduleIds),
      interval,
      id: null,
      fate: 'standing',
    };
    this.closures.push(closure);
    const { scheduleId } = closure;
    const said = { reason: 'meeting', by: 'secretariat', key: null } as const;
    const answer = await gateway.engine.desk.closeTime({ scheduleId, interval, ...said });
    if (answer.outcome === 'closed') closure.id = answer.id;
  }

  async #open(gateway: Gateway, closure: Closure): Promise<void> {
    closure.fate = 'unknown';
    await gateway.engine.desk.openTime(closure.id ?? '');
    closure.fate = 'opened';
  }
}

/** Time that the clinic keeps closed by itself, as the database has it. */
export type Shut = { readonly id: string; readonly actor: string; readonly interval: Interval };

export async function shutTime({ database, now }: Pick<Evidence, 'database' | 'now'>): Promise<Shut[]> {
  const rows = await database.query<{ id: string; actor_id: string; start_ms: Instant; end_ms: Instant }>(
    `select id, actor_id, start_ms, end_ms from busy_period
     where kind = 'block' and origin_id is null and ended_ms is null and start_ms > $1`,
    [plus(now, MINUTE)],
  );
  return rows.map(({ id, actor_id, start_ms, end_ms }) => ({
    id,
    actor: actor_id,
    interval: { start: start_ms, end: end_ms },
  }));
}

/** What was answered as closed is, until somebody opens it; and what was answered as opened is not. */
export function closures({ closed, shut, now }: Evidence): string[] {
  const standing = new Set(shut.map(({ id }) => id));
  const told = closed.filter(({ interval }) => interval.start > plus(now, MINUTE));
  return told.flatMap(({ id, fate, scheduleId, interval }) => {
    if (id === null || fate === 'unknown' || standing.has(id) === (fate === 'standing')) return [];
    const what = fate === 'standing' ? 'closed, and is open' : 'opened, and is closed';
    return [`staff were told of it as ${what}: ${when(scheduleId, interval)}`];
  });
}

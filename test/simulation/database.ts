import { plus } from '../../src/domain/instant.ts';
import type { Database, Queryable, Row } from '../../src/store/database.ts';
import type { Dice } from './dice.ts';
import type { Life } from './life.ts';
import type { Timeline } from './timeline.ts';

/**
 * The one database of a run, as several processes meet it: statements take simulated time, transactions of PGlite come
 * one after the other, a process that dies rolls back what it had begun, and a commit may land without its answer.
 */
export class SharedDatabase {
  refusesUntil = 0;
  readonly #database: Database;
  readonly #timeline: Timeline;
  readonly #dice: Dice;
  #transactions = 0;
  /** PGlite has one connection: a transaction holds it. The wait is here, since it takes no real time. */
  #free: Promise<void> = Promise.resolve();

  constructor(database: Database, timeline: Timeline, dice: Dice) {
    this.#database = database;
    this.#timeline = timeline;
    this.#dice = dice;
  }

  /** As one process has it. */
  of(life: Life): Database {
    const alone = this.#through(life, this.#database);
    return {
      query: (text, parameters) => life.live(this.#exclusively(life, () => alone.query(text, parameters))),
      script: (text) => life.live(this.#exclusively(life, () => alone.script(text))),
      transaction: (work) =>
        life.live(
          this.#exclusively(life, async () => {
            this.#transactions += 1;
            this.#timeline.busy += 1;
            let done = false;
            const leave = () => {
              if (done) return;
              done = true;
              this.#timeline.busy -= 1;
            };
            try {
              const result = await this.#database.transaction((on) => {
                leave();
                // Who dies in the midst leaves nothing behind.
                return Promise.race([work(this.#through(life, on)), life.ended]).finally(() => {
                  done = false;
                  this.#timeline.busy += 1;
                });
              });
              return result;
            } finally {
              leave();
              this.#transactions -= 1;
            }
          }),
        ),
      close: async () => undefined,
    };
  }

  /** From outside: in its turn, but it takes no simulated time and is never refused. */
  look<T extends Row>(text: string, parameters: readonly unknown[]): Promise<T[]> {
    return this.#inTurn(async () => {
      this.#timeline.busy += 1;
      try {
        return await this.#database.query<T>(text, parameters);
      } finally {
        this.#timeline.busy -= 1;
      }
    });
  }

  /** Lives on until no transaction is open: whoever looks from outside would wait for it, and time with them. */
  async atRest(): Promise<void> {
    while (this.#transactions > 0) await this.#timeline.run(plus(this.#timeline.now, 1));
  }

  #through(life: Life, on: Queryable): Queryable {
    return {
      query: async <T extends Row>(text: string, parameters?: readonly unknown[]) => {
        await this.#meet(life);
        this.#timeline.busy += 1;
        try {
          return await on.query<T>(text, parameters);
        } finally {
          this.#timeline.busy -= 1;
        }
      },
      script: (text) => on.script(text),
    };
  }

  async #meet(life: Life): Promise<void> {
    // Most statements take no time: what lies between two of them is seldom of interest, and costs the run.
    if (this.#dice.chance(0.15)) await this.#timeline.wait(this.#dice.whole(1, 4));
    life.step();
    if (life.isOver) await never();
    if (this.#timeline.now < this.refusesUntil) throw refused();
  }

  #exclusively<T>(life: Life, work: () => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      if (life.isOver || this.#timeline.now < this.refusesUntil) throw refused();
      const result = await Promise.race([work(), life.ended]);
      // It stands, and whoever dies now does not know.
      if (this.#dice.chance(0.1)) await this.#timeline.wait(this.#dice.whole(1, 4));
      return result;
    });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#free;
    let leave: () => void = () => undefined;
    this.#free = new Promise((resolve) => {
      leave = resolve;
    });
    await before;
    try {
      return await work();
    } finally {
      leave();
    }
  }
}

/** A new one each time: one for all would keep alive whatever waits for it, run after run. */
const never = (): Promise<never> => new Promise(() => undefined);

const refused = (): Error =>
  Object.assign(new Error('the database does not answer'), { code: 'ECONNREFUSED' });

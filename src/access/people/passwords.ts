import { hash, verify } from '@node-rs/argon2';

/**
 * Passwords as argon2id (RFC 9106), which is the library's own choice, with the least that OWASP's «Password Storage Cheat Sheet» recommends: 19 MiB, two passes,
 * one lane. The library is its Rust form, ready-made for every platform that Node has.
 */

const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

const CURRENT = `$argon2id$v=19$m=${PARAMETERS.memoryCost},t=${PARAMETERS.timeCost},p=${PARAMETERS.parallelism}$`;

/** At once: each takes a thread of the four that the whole process has, some 20 ms and 19 MiB. */
const AT_ONCE = 2;
/** So many wait, about half a second; more are turned away, so that sign-ins never starve the rest. */
const WAITING_MAX = 50;

/** Too many sign in at this moment. */
export class Busy extends Error {
  override readonly name = 'Busy';
}

export type Passwords = {
  /** Whether it is a hash by the parameters of now. */
  readonly isCurrent: (encoded: string) => boolean;
  /** @throws Busy */
  readonly hash: (password: string) => Promise<string>;
  /** Takes as long where there is none. @param encoded null = whoever this should be is not known. @throws Busy */
  readonly verify: (encoded: string | null, password: string) => Promise<boolean>;
};

export function createPasswords(): Passwords {
  const bounded = atMost(AT_ONCE, WAITING_MAX);
  // Nobody's: it only takes its time.
  const none = hash('nobody has this password', PARAMETERS);
  // Whoever waits for it hears of it; without this the process would end of it first.
  none.catch(() => undefined);
  return {
    isCurrent: (encoded) => encoded.startsWith(CURRENT),
    hash: (password) => bounded(() => hash(normal(password), PARAMETERS)),
    async verify(encoded, password) {
      const known = encoded ?? (await none);
      const isRight = await bounded(() => verify(known, normal(password)));
      return isRight && encoded !== null;
    },
  };
}

/** What looks the same is the same, on whatever keyboard it was typed (NIST SP 800-63B, 5.1.1.2). */
const normal = (password: string): string => password.normalize('NFKC');

function atMost(most: number, waitingMost: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= most) {
      if (waiting.length >= waitingMost) throw new Busy('too many passwords are being checked');
      // Whoever ends hands its place on, so that it is counted all the time.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

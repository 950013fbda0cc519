import { DAY, type Instant, instant } from '../../domain/instant.ts';
import type { AttemptLimit } from '../../engine/ports/people.ts';
import type { Queryable } from '../database.ts';

/** Without another attempt for so long, those before are forgotten. */
const FORGET_MILLISECONDS = DAY;

/**
 * $1 key, $2 at, $3 how many are free, $4 first wait, $5 longest wait, $6 when it is forgotten. The exponent is kept small
 * enough for a number. Where none may be made nothing is written, so that trying does not prolong the wait. Those that another is
 * counting are left alone: each would wait for the other's.
 */
const COUNT = `
with forgotten as (
  delete from sign_in_attempt where key in (
    select key from sign_in_attempt where forget_ms <= $2 and key <> $1 for update skip locked
  )
)
insert into sign_in_attempt as former (key, attempts, until_ms, forget_ms)
values ($1, 1, case when $3::int > 1 then $2::bigint else $2::bigint + $4::bigint end, $6::bigint)
on conflict (key) do update set
  attempts = case when former.forget_ms <= $2 then 1 else former.attempts + 1 end,
  until_ms = case
    when former.forget_ms <= $2 or former.attempts + 1 < $3 then $2::bigint
    else $2::bigint + least($5::bigint, $4::bigint * (2 ^ least(former.attempts + 1 - $3, 20))::bigint)
  end,
  forget_ms = $6::bigint
where former.until_ms <= $2
returning key`;

const UNTIL = 'select until_ms from sign_in_attempt where key = $1 and until_ms > $2';

export async function countAttempt(
  on: Queryable,
  key: Uint8Array,
  { free, waitMilliseconds, waitMillisecondsMax }: AttemptLimit,
  at: Instant,
): Promise<Instant | null> {
  const named = Buffer.from(key);
  const values = [named, at, free, waitMilliseconds, waitMillisecondsMax, at + FORGET_MILLISECONDS];
  if ((await on.query(COUNT, values)).length > 0) return null;
  const [row] = await on.query<{ until_ms: number }>(UNTIL, [named, at]);
  return instant(row?.until_ms ?? at);
}

/** $1 key. */
export async function forgetAttempts(on: Queryable, key: Uint8Array): Promise<void> {
  await on.query('delete from sign_in_attempt where key = $1', [Buffer.from(key)]);
}

/** $1 key. Where it was the one that made others wait, they need not. */
const TAKE_BACK = `
update sign_in_attempt set attempts = greatest(attempts - 1, 0), until_ms = 0 where key = $1`;

export async function takeBackAttempt(on: Queryable, key: Uint8Array): Promise<void> {
  await on.query(TAKE_BACK, [Buffer.from(key)]);
}

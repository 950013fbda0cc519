import { instant } from '../../domain/instant.ts';
import type { Passkey } from '../../engine/ports/people.ts';
import type { Queryable } from '../database.ts';

/** $1 person, $2 sealed secret, $3 step. */
export async function setTotp(
  on: Queryable,
  personId: string,
  sealed: Uint8Array,
  step: number,
): Promise<void> {
  const values = [personId, Buffer.from(sealed), step];
  await on.query('update person set totp = $2, totp_step = $3 where id = $1', values);
}

/** $1 person. */
export async function removeTotp(on: Queryable, personId: string): Promise<void> {
  await on.query('update person set totp = null, totp_step = null where id = $1', [personId]);
}

/** $1 person, $2 step. */
const USE_STEP =
  'update person set totp_step = $2 where id = $1 and totp is not null and totp_step < $2 returning id';

export const useTotpStep = async (on: Queryable, personId: string, step: number): Promise<boolean> =>
  (await on.query(USE_STEP, [personId, step])).length > 0;

/** $1 person, $2 hashes. None of the new ones is among the former, so that both can be done at once. */
const REPLACE_CODES = `
with former as (delete from recovery_code where person_id = $1)
insert into recovery_code (person_id, hash) select $1, unnest($2::bytea[])`;

export async function replaceRecoveryCodes(
  on: Queryable,
  personId: string,
  hashes: readonly Uint8Array[],
): Promise<void> {
  await on.query(REPLACE_CODES, [personId, hashes.map((hash) => Buffer.from(hash))]);
}

/** $1 person, $2 hash. */
const USE_CODE = 'delete from recovery_code where person_id = $1 and hash = $2 returning hash';

export const useRecoveryCode = async (on: Queryable, personId: string, hash: Uint8Array): Promise<boolean> =>
  (await on.query(USE_CODE, [personId, Buffer.from(hash)])).length > 0;

type PasskeyRow = {
  id: string;
  name: string;
  public_key: Uint8Array;
  counter: number;
  transports: string[];
  created_ms: number;
};

/** $1 person. */
const PASSKEYS = `
select id, name, public_key, counter, transports, created_ms from passkey where person_id = $1 order by created_ms, id`;

export async function passkeysOf(on: Queryable, personId: string): Promise<Passkey[]> {
  const rows = await on.query<PasskeyRow>(PASSKEYS, [personId]);
  return rows.map(({ id, name, public_key, counter, transports, created_ms }) => ({
    id,
    name,
    publicKey: public_key,
    counter,
    transports,
    createdAt: instant(created_ms),
  }));
}

/** $1 id, $2 person, $3 name, $4 public key, $5 counter, $6 transports, $7 at. */
const ADD_PASSKEY = `
insert into passkey (id, person_id, name, public_key, counter, transports, created_ms)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (id) do nothing
returning id`;

export async function addPasskey(on: Queryable, personId: string, passkey: Passkey): Promise<boolean> {
  const { id, name, publicKey, counter, transports, createdAt } = passkey;
  const values = [id, personId, name, Buffer.from(publicKey), counter, [...transports], createdAt];
  return (await on.query(ADD_PASSKEY, values)).length > 0;
}

/** $1 id, $2 counter. One that counts nothing says 0 each time. */
const USED = `
update passkey set counter = $2 where id = $1 and (counter < $2 or (counter = 0 and $2 = 0)) returning id`;

export const passkeyUsed = async (on: Queryable, id: string, counter: number): Promise<boolean> =>
  (await on.query(USED, [id, counter])).length > 0;

/** $1 person, $2 id. */
export async function removePasskey(on: Queryable, personId: string, id: string): Promise<void> {
  await on.query('delete from passkey where person_id = $1 and id = $2', [personId, id]);
}

/** $1 person. */
const REMOVE_ALL = `
with codes as (delete from recovery_code where person_id = $1), keys as (delete from passkey where person_id = $1),
ended as (delete from session where person_id = $1)
update person set totp = null, totp_step = null where id = $1`;

export async function removeSecondFactors(on: Queryable, personId: string): Promise<void> {
  await on.query(REMOVE_ALL, [personId]);
}

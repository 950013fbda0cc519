import type { Logger } from 'pino';
import type { Clock } from '../domain/environment.ts';
import type { KeyStore } from '../engine/ports/keys.ts';
import { findWrappingKeys, type WrappingKeys } from './key-encryption.ts';
import { openKeyRing } from './key-ring.ts';
import { stackOf } from './logs.ts';
import type { RotationContext } from './rotation.ts';
import { createSeal } from './seal.ts';

type Opening = Parameters<typeof findWrappingKeys>[1] & {
  readonly dataFolder: string;
  /** Other processes may use the same database. */
  readonly isShared: boolean;
  readonly store: KeyStore;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** The keys, and what seals with them. @param closers is given what ends the following of others' changes. */
export async function openKeys(
  { dataFolder, isShared, store, clock, logger, ...named }: Opening,
  closers: (() => unknown)[],
): Promise<RotationContext & Pick<WrappingKeys, 'former'>> {
  const wrappingKeys = await findWrappingKeys(dataFolder, named);
  const ring = await openKeyRing({ store, clock, dataFolder, wrappingKeys });
  const seal = createSeal(ring, (trouble) => logger.warn({ reason: trouble.message }, 'sealed value'));
  const following = new AbortController();
  const followed = ring.follow(following.signal, (error) =>
    logger.warn({ reason: 'reading keys', stack: stackOf(error) }, 'work failed'),
  );
  closers.push(() => {
    following.abort();
    return followed;
  });
  return { store, ring, seal, clock, isShared, former: wrappingKeys.former };
}

import type { Instant } from '../../domain/instant.ts';
import type { Validators } from '../conditional.ts';

/** A text that somebody publishes again and again as a whole, at an address or in a folder. */

export type Answer =
  /** As it was when its validators were given. */
  | { readonly kind: 'same'; readonly trueAt: Instant | null }
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly validators: Validators;
      /** When it was true, where a cache gave it; null = now. */
      readonly trueAt: Instant | null;
    };

export type PublishedDocument = {
  /** @param known of what was read last; null = give all of it. @throws Fault */
  readonly get: (known: Validators | null, signal: AbortSignal) => Promise<Answer>;
  /** As far as its first characters: enough to tell what it is. @throws Fault */
  readonly head: (signal: AbortSignal) => Promise<string>;
  readonly close: () => void;
};

/** A year of a busy clinic has some megabytes. */
export const BYTES_MAX = 16 * 1024 * 1024;
export const HEAD_BYTES = 64;

import type { Proposal, Side } from './model.ts';

/** What a person may choose for two bookings of one time. */
export type Choice =
  | { readonly resolution: 'keep-a' | 'keep-b' | 'keep-both' }
  | { readonly resolution: 'move'; readonly side: Side; readonly proposal: Proposal };

/** As docs/conflicts.md calls the two, and `passerelle resolve`. */
export const LETTERS: Readonly<Record<Side, string>> = { a: 'A', b: 'B' };

/** Who has to be told before: whose booking is not as they believe it to be afterwards. Null = nobody. */
export function touchedBy(choice: Choice): Side | null {
  switch (choice.resolution) {
    case 'keep-a':
      return 'b';
    case 'keep-b':
      return 'a';
    case 'keep-both':
      return null;
    case 'move':
      return choice.side;
  }
}

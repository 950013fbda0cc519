import type { PublicationTally, PublishedSlot } from '../engine/ports/publication.ts';

/** The same sums as the database makes of slots that it does not hand over. */

export const tallyOf = (slots: readonly PublishedSlot[]): PublicationTally => ({
  slots: slots.length,
  marks: slots.reduce((sum, { mark }) => sum + BigInt(mark), 0n),
});

export const sumOf = (a: PublicationTally, b: PublicationTally): PublicationTally => ({
  slots: a.slots + b.slots,
  marks: a.marks + b.marks,
});

export const isSame = (a: PublicationTally, b: PublicationTally): boolean =>
  a.slots === b.slots && a.marks === b.marks;

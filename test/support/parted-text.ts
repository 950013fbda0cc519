import type { PartedText } from '../../src/engine/ports/documents.ts';

/** As the database puts it together. */
export const wholeOf = ({ pieces, values }: PartedText): string =>
  pieces.map((piece, index) => piece + (values[index] ?? '')).join('');

const ID = ['{"resourceType":"Slot","id":"', '"'];

/** The least of a slot's document. */
export const slotDocument = (id: string): PartedText => ({ pieces: ID, values: [id] });

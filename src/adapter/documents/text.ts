import { Fault } from '../faults.ts';

/** The bytes of a document to text. */

const MARKS: readonly (readonly [label: string, bytes: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/**
 * UTF-8 unless a byte order mark or the media type says otherwise (RFC 5545, 3.1.4). What is no UTF-8 and says nothing is
 * read byte by byte: names of properties, times and zones are ASCII, and no accent is lost that counts.
 * @throws Fault `malformed` for a character set that is unknown, or is not what it says.
 */
export function textOf(bytes: Uint8Array, contentType: string | undefined): string {
  const marked = MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))?.[0];
  const said = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? '')?.[1];
  const label = marked ?? said;
  if (label !== undefined) return decoded(bytes, label);
  try {
    return decoded(bytes, 'utf-8');
  } catch {
    return decoded(bytes, 'windows-1252');
  }
}

function decoded(bytes: Uint8Array, label: string): string {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    throw new Fault('malformed', 'it is not in the character set that it says, or in one that is not known');
  }
}

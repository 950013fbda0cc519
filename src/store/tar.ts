const BLOCK_BYTES = 512;
/** Of a header: where it says its file's length, and where its own checksum, in octal digits (POSIX.1-1988, ustar). */
const SIZE = { start: 124, end: 136 };
const CHECKSUM = { start: 148, end: 156 };
const SPACE = 0x20;

/** Whether every header in it is what a tar archive has there, so that who unpacks it finds its way to the end. */
export function isTar(bytes: Uint8Array): boolean {
  let position = 0;
  while (position + BLOCK_BYTES <= bytes.length) {
    const header = bytes.subarray(position, position + BLOCK_BYTES);
    if (header.every((byte) => byte === 0)) return position > 0;
    const size = octal(header, SIZE);
    if (size === null || octal(header, CHECKSUM) !== checksumOf(header)) return false;
    position += BLOCK_BYTES + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return false;
}

function octal(header: Uint8Array, { start, end }: typeof SIZE): number | null {
  const text = String.fromCharCode(...header.subarray(start, end)).replaceAll('\0', ' ');
  return /^ *[0-7]+ *$/.test(text) ? Number.parseInt(text, 8) : null;
}

/** The sum of its bytes, with spaces where it stands itself. */
const checksumOf = (header: Uint8Array): number =>
  header.reduce(
    (sum, byte, index) => sum + (index >= CHECKSUM.start && index < CHECKSUM.end ? SPACE : byte),
    0,
  );

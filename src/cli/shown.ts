/**
 * What a platform, or somebody in an e-mail, wrote, as a terminal may be given it: control characters (ECMA-48) and marks of
 * direction could hide what stands there, or put something else in its place. Lines stay lines, also those of HL7.
 */
export const shown = (text: string): string =>
  text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(
      /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu,
      (each) => `\\u{${each.codePointAt(0)?.toString(16)}}`,
    );

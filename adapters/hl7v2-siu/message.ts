/**
 * HL7 v2 in its encoding by separators (HL7 v2.5.1, chapter 2, sections 2.5 to 2.10): segments, fields, repetitions,
 * components. Positions count from 1, as in the standard; what is not there is the empty text.
 */

export type Segment = {
  readonly name: string;
  /** A component of the first repetition of a field, unescaped. */
  readonly get: (field: number, component?: number) => string;
};

export type Message = {
  readonly segments: readonly Segment[];
  readonly header: Segment;
  /** As it came. */
  readonly text: string;
};

/** What is no message; `text` says why, with no value of it. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

const SEGMENTS_MAX = 2_000;
const LINE_END = /\r\n|\r|\n/;

/** MSH-18 (table 0211). ISO 8859-1 is read as its superset Windows-1252, as browsers do (WHATWG Encoding). */
const CHARACTER_SETS: Readonly<Record<string, string>> = {
  ASCII: 'utf-8',
  'UNICODE UTF-8': 'utf-8',
  'UTF-8': 'utf-8',
  '8859/1': 'windows-1252',
  'ISO 8859-1': 'windows-1252',
  'ISO-8859-1': 'windows-1252',
  '8859/15': 'iso-8859-15',
};

/**
 * The messages of a frame: one, or those of a batch (FHS, BHS, BTS and FTS say nothing that is used).
 * @param fallback the character set where MSH-18 is empty. @throws Unreadable
 */
export function messagesIn(bytes: Buffer, fallback: string): Message[] {
  const text = decoded(bytes, fallback);
  const messages: string[][] = [];
  for (const line of text.split(LINE_END, SEGMENTS_MAX + 1)) {
    if (line.trim() === '' || /^(?:FHS|BHS|BTS|FTS)/.test(line)) continue;
    if (line.startsWith('MSH')) messages.push([line]);
    else if (messages.length > 0) messages.at(-1)?.push(line);
    else throw new Unreadable('it does not begin with MSH');
  }
  const count = messages.reduce((sum, lines) => sum + lines.length, 0);
  if (messages.length === 0) throw new Unreadable('it has no MSH');
  if (count > SEGMENTS_MAX) throw new Unreadable(`it has more than ${SEGMENTS_MAX} segments`);
  return messages.map(messageOf);
}

/** MSH is ASCII in every set that is allowed, so it is read before the set is known. */
function decoded(bytes: Buffer, fallback: string): string {
  const ascii = bytes.toString('latin1');
  const line = ascii.split(LINE_END).find((each) => each.startsWith('MSH')) ?? '';
  const declared =
    line
      .split(line[3] ?? '|')[17]
      ?.split(line[5] ?? '~')[0]
      ?.trim() || fallback;
  const label = CHARACTER_SETS[declared.toUpperCase()];
  if (!label) throw new Unreadable('MSH-18: a character set that is not known');
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    throw new Unreadable('MSH-18: the bytes are not of that character set');
  }
}

function messageOf(lines: readonly string[]): Message {
  const [first = ''] = lines;
  const separator = first[3] ?? '';
  const [component = '', repetition = '', escaping = '', subcomponent = ''] = first.slice(4);
  if (!/^MSH[^\w\s][^\w\s]{4}/.test(first) || new Set([separator, component, repetition]).size < 3)
    throw new Unreadable('MSH-1 and MSH-2 name no separators');
  const unescaped = unescaping({ separator, component, repetition, escaping, subcomponent });
  const segments = lines.map((line): Segment => {
    const isHeader = line.startsWith('MSH');
    const parts = line.split(separator);
    return {
      name: line.slice(0, 3),
      get: (field, part = 1) => {
        // MSH-1 is the separator itself.
        const whole = parts[isHeader ? field - 1 : field] ?? '';
        const found = whole.split(repetition)[0]?.split(component)[part - 1] ?? '';
        const text = unescaped(found.split(subcomponent)[0] ?? '').trim();
        // The explicit null (section 2.5.3).
        return text === '""' ? '' : text;
      },
    };
  });
  const [header] = segments;
  if (!header) throw new Unreadable('it has no MSH');
  return { segments, header, text: lines.join('\r') };
}

type Separators = Record<'separator' | 'component' | 'repetition' | 'escaping' | 'subcomponent', string>;

/** Section 2.7. Formatting and what is not known says nothing here, and becomes nothing. */
function unescaping({ separator, component, repetition, escaping, subcomponent }: Separators) {
  const known: Readonly<Record<string, string>> = {
    F: separator,
    S: component,
    R: repetition,
    E: escaping,
    T: subcomponent,
  };
  return (text: string): string => {
    const parts = text.split(escaping);
    // Every second part stands between two escape characters; a last one without its end is text.
    return parts
      .map((part, index) => {
        if (index % 2 === 0) return part;
        if (index === parts.length - 1) return escaping + part;
        const hex = /^X((?:[0-9A-F]{2})+)$/i.exec(part)?.[1];
        return hex === undefined ? (known[part] ?? '') : Buffer.from(hex, 'hex').toString('latin1');
      })
      .join('');
  };
}

const OURS: Readonly<Record<string, string>> = {
  '\\': '\\E\\',
  '|': '\\F\\',
  '^': '\\S\\',
  '&': '\\T\\',
  '~': '\\R\\',
};

/** A text as one component of ours. Line ends would end the segment. */
export const escaped = (text: string): string =>
  text.replace(/\p{Cc}+/gu, ' ').replace(/[\\|^&~]/g, (each) => OURS[each] ?? '');

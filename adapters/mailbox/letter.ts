import type { ParsedMail } from 'mailparser';
import { type Instant, instant } from '../../src/domain/instant.ts';
import { seenIn } from './html.ts';

/** A message (RFC 5322, MIME) as what a template may look at. Nothing that it refers to is loaded. */

export type HeaderField = { readonly name: string; readonly value: string };

export type Letter = {
  /** In the order that they stand, unfolded; names in lower case. */
  readonly header: readonly HeaderField[];
  /** Of the one author (From), in lower case. */
  readonly domain: string;
  readonly subject: string;
  readonly sentAt: Instant;
  /** The plain text, then what a reader sees of the HTML. */
  readonly texts: readonly string[];
  /** text/calendar, each once. */
  readonly calendars: readonly { readonly method: string | null; readonly text: string }[];
};

/** Why a message is none that could be trusted, without a value of it. */
export class NoLetter extends Error {}

const TEXT_CHARACTERS_MAX = 200_000;

const PARSING = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  keepCidLinks: true,
  keepDeliveryStatus: true,
  // What somebody forwarded is not what the sender says.
  ignoreEmbedded: true,
  checksumAlgo: false,
  maxHeadSize: 128 * 1024,
  maxChildNodes: 50,
} as const;

/** @throws NoLetter where the header is not that of one message of one author, or nothing can be read. */
export async function readLetter(source: Buffer): Promise<Letter> {
  // Where no mailbox is heard, nobody waits for it to be loaded.
  const { simpleParser } = await import('mailparser');
  let mail: ParsedMail;
  try {
    mail = await simpleParser(source, PARSING);
  } catch {
    throw new NoLetter('it cannot be read as MIME');
  }
  const header = mail.headerLines.map(fieldOf);
  const sole = (name: string): string => {
    const found = header.filter((each) => each.name === name);
    if (found.length !== 1) throw new NoLetter(`${name}: ${found.length} of them, where one has to be`);
    return found[0]?.value ?? '';
  };
  for (const name of ['subject', 'message-id', 'sender', 'content-type', 'content-transfer-encoding'])
    if (header.filter((each) => each.name === name).length > 1)
      throw new NoLetter(`${name}: several of them`);
  const domain = domainOf(sole('from'));
  if (domain === null) throw new NoLetter('from: not one address');
  const sentAt = dateIn(sole('date'));
  if (sentAt === null) throw new NoLetter('date: not one of RFC 5322');
  return {
    header,
    domain,
    sentAt,
    subject: mail.subject ?? '',
    texts: [mail.text ?? '', mail.html ? seenIn(mail.html) : '']
      .map((text) => text.slice(0, TEXT_CHARACTERS_MAX))
      .filter((text) => text.trim() !== ''),
    calendars: calendarsIn(mail),
  };
}

function fieldOf({ line }: { readonly line: string }): HeaderField {
  const colon = line.indexOf(':');
  return {
    name: line.slice(0, Math.max(0, colon)).trim().toLowerCase(),
    value: line
      .slice(colon + 1)
      .replace(/[\r\n]/g, '')
      .trim(),
  };
}

/**
 * The domain of the one mailbox in From. Strict, since those who read an odd one differently can be told different authors:
 * no group, no second address, one `@` outside of the name, letters of ASCII, comments of plain words before the address alone. The
 * name is not looked at.
 */
export function domainOf(from: string): string | null {
  let bare = '';
  let isQuoted = false;
  for (let at = 0; at < from.length; at += 1) {
    const character = from[at];
    if (isQuoted && character === '\\') at += 1;
    else if (character === '"' && !isQuoted && bare.includes('@')) return null;
    else if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted) bare += character;
  }
  const angle = bare.indexOf('<');
  if (angle >= 0) bare = bare.slice(0, angle).replace(/\([^()<>@,:;\\]*\)/g, '') + bare.slice(angle);
  if (isQuoted || /[(),:;\\\0]/.test(bare)) return null;
  const [name = '', ...rest] = bare.split('<');
  const address = rest.length === 0 ? name : (rest[0] ?? '').slice(0, -1);
  if (rest.length > 1 || (rest.length === 1 && (!bare.endsWith('>') || name.includes('@')))) return null;
  const [local, domain, ...more] = address.split('@');
  const isPlain = local !== undefined && local.length <= 64 && /^[\w.!#$%&'*+/=?^`{|}~-]+$/.test(local);
  if (!isPlain || domain === undefined || more.length > 0) return null;
  return isDomain(domain) ? domain.toLowerCase() : null;
}

export const isDomain = (text: string): boolean =>
  text.length <= 253 &&
  text.includes('.') &&
  text.split('.').every((label) => /^[a-z\d]/i.test(label) && /^[a-z\d-]{1,63}$/i.test(label));

const DATE =
  /^(?:[A-Za-z]{3}, *)?(\d{1,2} [A-Za-z]{3} \d{4} \d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UTC?|Z))(?: *\([A-Za-z -]*\))?$/;

/** RFC 5322, 3.3: with its offset, and not in the obsolete zones that people take for others. */
export function dateIn(text: string): Instant | null {
  const found = DATE.exec(text.split(/ +/).join(' '))?.[1];
  const at = found === undefined ? Number.NaN : Date.parse(found.replace(/UT$/, 'GMT'));
  return Number.isNaN(at) ? null : instant(at);
}

function calendarsIn({ attachments }: ParsedMail): Letter['calendars'] {
  const found = new Map<string, string | null>();
  for (const { contentType, headers, content } of attachments) {
    if (contentType !== 'text/calendar') continue;
    const type = headers.get('content-type') as
      | { readonly params?: Readonly<Record<string, string>> }
      | undefined;
    let text: string;
    try {
      text = new TextDecoder(type?.params?.['charset'] ?? 'utf-8').decode(content);
    } catch {
      throw new NoLetter('text/calendar: in an unknown character set');
    }
    const method = type?.params?.['method']?.toUpperCase() ?? null;
    found.set(text.trim(), found.get(text.trim()) ?? method);
  }
  return [...found].map(([text, method]) => ({ text, method }));
}

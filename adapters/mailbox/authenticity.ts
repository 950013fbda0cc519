import { type HeaderField, isDomain, type Letter } from './letter.ts';

/**
 * Whether a message is from whom it says. The judge is the clinic's own mail server, which saw the connection and looked the keys up
 * as the message came: its Authentication-Results (RFC 8601), and nobody else's.
 */

export const PROOFS = ['dkim', 'spf', 'dmarc'] as const;
export type Proof = (typeof PROOFS)[number];

export type Trust = {
  /** The authserv-id (RFC 8601, 2.5) that the clinic's server writes. */
  readonly server: string;
  /** Whose notices they are: From is of it, or of a domain below it, and so is what the server has proven. */
  readonly domain: string;
  /** One of them is enough. */
  readonly proof: readonly Proof[];
  /** Header fields that a DKIM signature has to cover: without, a copy with others of them passes as well. */
  readonly signed: readonly string[];
};

export type Result = {
  readonly method: string;
  readonly result: string;
  /** By `ptype.property`, in lower case. */
  readonly properties: ReadonlyMap<string, string>;
};

export const isWithin = (domain: string, of: string): boolean => domain === of || domain.endsWith(`.${of}`);

/** @returns why it is not trusted; null = it is. The From is that of `trust` already. */
export function problemOf(letter: Pick<Letter, 'header' | 'domain'>, trust: Trust): string | null {
  const results = resultsOf(letter.header, trust.server);
  if (results === null) return 'the clinic’s mail server says nothing of who sent it';
  const of = (method: string) => results.filter((each) => each.method === method);
  if (of('dmarc').some(({ result }) => result === 'fail')) return 'dmarc: the mail server says fail';
  const passed = (method: Proof) => of(method).filter(({ result }) => result === 'pass');
  const isOurs = (text: string | undefined): boolean => isWithin(domainIn(text), trust.domain);
  const proven: Record<Proof, () => string | null> = {
    dkim: () => {
      const ours = passed('dkim').filter(({ properties }) => isOurs(signerOf(properties)));
      if (ours.length === 0) return 'dkim: no pass of its domain';
      return ours.some((each) => hasSignature(letter.header, each, trust.signed))
        ? null
        : 'dkim: the signature leaves open what can be changed';
    },
    spf: () =>
      passed('spf').some(({ properties }) => isOurs(properties.get('smtp.mailfrom')))
        ? null
        : 'spf: no pass of its domain',
    dmarc: () =>
      passed('dmarc').some(({ properties }) => domainIn(properties.get('header.from')) === letter.domain)
        ? null
        : 'dmarc: no pass of its domain',
  };
  const problems = trust.proof.map((each) => proven[each]());
  return problems.includes(null) ? null : problems.join('; ');
}

/** Of an address or a domain; empty where it is neither. */
function domainIn(text: string | undefined): string {
  const domain = (text ?? '').slice((text ?? '').lastIndexOf('@') + 1).toLowerCase();
  return isDomain(domain) ? domain : '';
}

const signerOf = (properties: Result['properties']): string | undefined =>
  properties.get('header.d') ?? properties.get('header.i');

/**
 * The server says that a signature holds, and not of what: so it is looked at (RFC 6376, 3.5). One with `l=` lets anybody add to the
 * text below it.
 */
function hasSignature(
  header: readonly HeaderField[],
  { properties }: Result,
  wanted: readonly string[],
): boolean {
  const signer = domainIn(signerOf(properties));
  const candidates = header
    .filter(({ name }) => name === 'dkim-signature')
    .map(({ value }) => tagsOf(value))
    .filter(
      (tags) =>
        tags.get('d')?.toLowerCase() === signer &&
        (properties.get('header.s') ?? tags.get('s')) === tags.get('s') &&
        (tags.get('b') ?? '').startsWith(properties.get('header.b') ?? ''),
    );
  return candidates.length > 0 && candidates.every((tags) => isWhole(tags, wanted));
}

function isWhole(tags: ReadonlyMap<string, string>, wanted: readonly string[]): boolean {
  const signed = (tags.get('h') ?? '').toLowerCase().split(':');
  return !tags.has('l') && wanted.every((name) => signed.includes(name));
}

/** `tag=value; …` (RFC 6376, 3.2), without white space. A tag that is there twice makes the whole invalid. */
function tagsOf(value: string): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const part of value.split(';')) {
    const at = part.indexOf('=');
    if (at < 0) continue;
    const name = part.slice(0, at).trim();
    if (tags.has(name)) return new Map();
    tags.set(name, part.slice(at + 1).replace(/\s/g, ''));
  }
  return tags;
}

/**
 * The results of the topmost Authentication-Results of that server. Those further down may have come with the message (RFC 8601, 5),
 * under whatever name. Null = there is none, or it cannot be read.
 */
export function resultsOf(header: readonly HeaderField[], server: string): readonly Result[] | null {
  for (const { name, value } of header) {
    if (name !== 'authentication-results') continue;
    const words = wordsOf(value);
    if (words === null || words[0]?.toLowerCase() !== server.toLowerCase()) continue;
    return statements(words).flatMap((each) => resultOf(each) ?? []);
  }
  return null;
}

/** Tokens of a structured field: `;`, `=` and words, without comments and quotes. Null = one of these has no end. */
function wordsOf(value: string): string[] | null {
  const words: string[] = [];
  let word = '';
  let depth = 0;
  let isQuoted = false;
  let isValue = false;
  const end = (): void => {
    if (word !== '') words.push(word);
    word = '';
    isValue = false;
  };
  for (let at = 0; at < value.length; at += 1) {
    const character = value[at] ?? '';
    if (character === '\\' && (isQuoted || depth > 0)) {
      at += 1;
      if (isQuoted) word += value[at] ?? '';
    } else if (isQuoted) {
      if (character === '"') isQuoted = false;
      else word += character;
    } else if (character === '(') depth += 1;
    else if (depth > 0) depth -= character === ')' ? 1 : 0;
    else if (character === '"') isQuoted = true;
    else if (character === ' ' || character === '\t') end();
    else if (character === ';') {
      end();
      words.push(';');
    } else if (character === '=' && !isValue) {
      end();
      words.push('=');
      // `header.b=` is base64, which may end in more of them.
      isValue = true;
    } else word += character;
  }
  end();
  return isQuoted || depth > 0 ? null : words;
}

/** What stands between the semicolons, but for the first, which is the server's name. */
function statements(words: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  for (const word of words) {
    if (word === ';') parts.push([]);
    else parts.at(-1)?.push(word);
  }
  return parts.slice(1);
}

/** `method[/version] = result [reason = …] [ptype.property = value] …` (RFC 8601, 2.2). */
function resultOf(words: readonly string[]): Result | null {
  const pairs: [string, string][] = [];
  for (let at = 0; at < words.length; at += 3) {
    if (words[at + 1] !== '=') return null;
    pairs.push([(words[at] ?? '').toLowerCase(), words[at + 2] ?? '']);
  }
  const [first, ...rest] = pairs;
  if (!first || words.length % 3 !== 0) return null;
  return { method: first[0].split('/')[0] ?? '', result: first[1].toLowerCase(), properties: new Map(rest) };
}

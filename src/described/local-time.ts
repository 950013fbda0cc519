import { fromLocal, toLocal } from '../adapter/zone.ts';
import type { Instant } from '../domain/instant.ts';

/** Local times as a platform writes them, by a named format: none is guessed. The zone is the calendar's. */

const PARTS = { YYYY: 4, MM: 2, DD: 2, HH: 2, mm: 2, ss: 2 } as const;
type Part = keyof typeof PARTS;

export type Format = readonly (Part | { readonly literal: string })[];

/** @throws RangeError saying what is wrong with it. */
export function formatOf(text: string): Format {
  const format: (Part | { readonly literal: string })[] = [];
  for (let at = 0; at < text.length; ) {
    const part = (Object.keys(PARTS) as Part[]).find((each) => text.startsWith(each, at));
    const character = text[at] ?? '';
    if (part === undefined && /[A-SU-Za-z]/.test(character))
      throw new RangeError(
        `has "${character}": write it of YYYY, MM, DD, HH, mm, ss and what stands between`,
      );
    if (part !== undefined && format.includes(part)) throw new RangeError(`has ${part} twice`);
    format.push(part ?? { literal: character });
    at += part?.length ?? 1;
  }
  return format;
}

/** What is wrong with it, or null. */
export function problemOfFormat(text: string): string | null {
  try {
    formatOf(text);
    return null;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

/** Whether it says a time to the minute. */
export const isWhole = (format: Format): boolean =>
  (['YYYY', 'MM', 'DD', 'HH', 'mm'] as const).every((part) => format.includes(part));

/** The first of a time that happens twice. @throws RangeError where the text is not of that format, or no time. */
export function readLocal(text: string, format: Format, zone: string): Instant {
  const found: Record<Part, string> = { YYYY: '', MM: '', DD: '', HH: '', mm: '', ss: '00' };
  let at = 0;
  for (const part of format) {
    const length = typeof part === 'string' ? PARTS[part] : part.literal.length;
    const read = text.slice(at, at + length);
    const fits =
      typeof part === 'string' ? read.length === length && /^\d+$/.test(read) : read === part.literal;
    if (!fits) throw new RangeError('not of the format');
    if (typeof part === 'string') found[part] = read;
    at += length;
  }
  if (at !== text.length) throw new RangeError('not of the format');
  return fromLocal(`${found.YYYY}-${found.MM}-${found.DD}T${found.HH}:${found.mm}:${found.ss}`, zone);
}

export function writeLocal(at: Instant, format: Format, zone: string): string {
  const local = toLocal(at, zone);
  const parts: Record<Part, string> = {
    YYYY: local.slice(0, 4),
    MM: local.slice(5, 7),
    DD: local.slice(8, 10),
    HH: local.slice(11, 13),
    mm: local.slice(14, 16),
    ss: local.slice(17, 19),
  };
  return format.map((part) => (typeof part === 'string' ? parts[part] : part.literal)).join('');
}

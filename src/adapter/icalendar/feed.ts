import { Fault } from '../faults.ts';

/**
 * The text of a feed to its components, each as a text of its own: one that cannot be read does not take the others with
 * it (RFC 5545, 3.1, 3.4 and 3.6).
 */

export type Block = {
  /** Lower case, as `vevent`. */
  readonly name: string;
  /** Unfolded lines, from BEGIN to END. */
  readonly text: string;
  /** Whether its END is there. */
  readonly isWhole: boolean;
};

/** One VCALENDAR. */
export type FeedCalendar = { readonly blocks: readonly Block[] };

const BEGIN = /^BEGIN:(.*)$/i;
const END = /^END:(.*)$/i;

/**
 * @throws Fault `malformed` when it is no iCalendar, or does not go to its end: what was cut off is not an empty agenda.
 */
export function calendarsIn(text: string): readonly FeedCalendar[] {
  const calendars: FeedCalendar[] = [];
  let blocks: Block[] | null = null;
  let open: { readonly names: string[]; readonly lines: string[] } | null = null;
  const close = (isWhole: boolean): void => {
    if (open) blocks?.push({ name: open.names[0] ?? '', text: open.lines.join('\r\n'), isWhole });
    open = null;
  };
  for (const line of unfolded(text)) {
    const begins = BEGIN.exec(line)?.[1]?.trim().toLowerCase();
    const ends = END.exec(line)?.[1]?.trim().toLowerCase();
    if (blocks === null) {
      if (begins !== 'vcalendar') throw new Fault('malformed', strangerOf(line, calendars.length));
      blocks = [];
    } else if (ends === 'vcalendar') {
      close(false);
      calendars.push({ blocks });
      blocks = null;
    } else if (begins !== undefined && (open === null || isTop(begins))) {
      // A component of the first level inside of another: the end of that one is missing.
      close(false);
      open = { names: [begins], lines: [line] };
    } else if (open !== null) {
      open.lines.push(line);
      if (begins !== undefined) open.names.push(begins);
      if (ends !== undefined && ends === open.names.at(-1)) {
        if (open.names.length === 1) close(true);
        else open.names.pop();
      }
    }
  }
  if (blocks !== null) throw new Fault('malformed', 'the feed ends without END:VCALENDAR: it was cut off');
  if (calendars.length === 0) throw new Fault('malformed', 'the feed is empty: not even a VCALENDAR');
  return calendars;
}

const TOP = new Set(['vcalendar', 'vevent', 'vtodo', 'vjournal', 'vfreebusy', 'vtimezone', 'vavailability']);
const isTop = (name: string): boolean => TOP.has(name);

function strangerOf(line: string, calendars: number): string {
  if (calendars > 0) return 'the feed goes on after END:VCALENDAR with something else';
  return /^\s*</.test(line)
    ? 'a page in place of a feed: the address is that of a page, or asks somebody to sign in'
    : 'not iCalendar (RFC 5545): it does not begin with BEGIN:VCALENDAR';
}

/** Lines as they were before they were folded (3.1). Empty ones, which some writers leave, say nothing. */
function* unfolded(text: string): Generator<string> {
  let line: string | null = null;
  for (const part of text.split(/\r\n|\n|\r/)) {
    if (line !== null && (part.startsWith(' ') || part.startsWith('\t'))) {
      line += part.slice(1);
      continue;
    }
    if (line !== null && line.trim() !== '') yield line;
    line = part;
  }
  if (line !== null && line.trim() !== '') yield line;
}

/** The value of a property in the lines of a block that cannot be read any better, or null. */
export function valueIn(text: string, property: string): string | null {
  for (const line of text.split('\r\n')) {
    const name = line.slice(0, property.length).toUpperCase();
    const next = line[property.length];
    if (name !== property || (next !== ':' && next !== ';')) continue;
    const value = line.slice(line.indexOf(':') + 1).trim();
    if (line.includes(':') && value !== '') return value;
  }
  return null;
}

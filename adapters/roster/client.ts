import type { Connect } from '../../src/adapter/contract.ts';
import type { PublishedDocument } from '../../src/adapter/documents/document.ts';
import { openFileDocument } from '../../src/adapter/documents/file-document.ts';
import { openWebDocument } from '../../src/adapter/documents/web-document.ts';
import { Fault } from '../../src/adapter/faults.ts';
import type { DocumentSettings, Format, RosterSettings } from './manifest.ts';

/** The documents of a roster, in the order of the settings. */
export type RosterDocument = Pick<PublishedDocument, 'get' | 'close'> & {
  readonly format: Format;
  /** The calendar that all of it is of; null = each shift says whose it is. */
  readonly calendar: string | null;
  /** As far as its first bytes. @throws Fault */
  readonly check: (signal: AbortSignal) => Promise<void>;
};

const ACCEPTED: Record<Format, string> = {
  json: 'application/json, */*;q=0.1',
  csv: 'text/csv, text/plain;q=0.5, */*;q=0.1',
  ics: 'text/calendar, text/plain;q=0.5, */*;q=0.1',
};

/** How each begins: enough to tell it from a page that asks somebody to sign in. */
const BEGINNINGS: Record<Format, RegExp> = {
  json: /^[^{[]{0,8}\{/,
  csv: /^[^<{]{3}/,
  ics: /BEGIN:VCALENDAR/i,
};

export function openDocuments({ settings, ...options }: Connect<RosterSettings>): readonly RosterDocument[] {
  return settings.documents.map((written, index) => {
    const label = `document ${index + 1} of the roster`;
    const { format, calendar = null } = written;
    const document = openOne(written, label, options);
    return {
      ...{ format, calendar, get: document.get, close: document.close },
      async check(signal) {
        const head = await document.head(signal);
        if (!BEGINNINGS[format].test(head)) throw new Fault('malformed', `${label}: it is not ${format}`);
      },
    };
  });
}

function openOne(
  { url, file, username, password, format }: DocumentSettings,
  label: string,
  options: Omit<Connect<RosterSettings>, 'settings'>,
): PublishedDocument {
  if (file !== undefined) return openFileDocument(file, label);
  const accept = ACCEPTED[format];
  return openWebDocument({ url: url ?? '', username, password, accept, label }, options);
}

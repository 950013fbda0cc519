import type { Validators } from '../../src/adapter/conditional.ts';
import type { Connect } from '../../src/adapter/contract.ts';
import type { Answer, PublishedDocument } from '../../src/adapter/documents/document.ts';
import { openWebDocument } from '../../src/adapter/documents/web-document.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { calendarsIn } from '../../src/adapter/icalendar/feed.ts';
import type { IcsSettings } from './manifest.ts';

/** The feeds of a connection, by the id of their calendar. */
export type Client = {
  /** @param known of what was read last; null = give all of it. @throws Fault */
  readonly get: (calendar: string, known: Validators | null, signal: AbortSignal) => Promise<Answer>;
  /** As far as the first bytes. @throws Fault */
  readonly check: (calendar: string, signal: AbortSignal) => Promise<void>;
  readonly close: () => void;
};

export function createClient({ settings, ...options }: Connect<IcsSettings>): Client {
  const feeds = new Map<string, PublishedDocument>(
    Object.entries(settings.calendars).map(([calendar, { url, username, password }]) => [
      calendar,
      openWebDocument(
        {
          ...{ url, username, password },
          accept: 'text/calendar, text/plain;q=0.5, */*;q=0.1',
          label: `the feed of ${calendar}`,
        },
        options,
      ),
    ]),
  );
  const feedOf = (calendar: string): PublishedDocument => {
    const feed = feeds.get(calendar);
    if (!feed) throw new Fault('malformed', `settings.calendars has no feed for ${calendar}`);
    return feed;
  };
  return {
    get: async (calendar, known, signal) => feedOf(calendar).get(known, signal),
    async check(calendar, signal) {
      const head = await feedOf(calendar).head(signal);
      // Says what else it is.
      if (!/BEGIN:VCALENDAR/i.test(head)) calendarsIn(head);
    },
    close: () => {
      for (const feed of feeds.values()) feed.close();
    },
  };
}

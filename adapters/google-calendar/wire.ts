import { z } from 'zod';
import { storableText } from '../../src/adapter/texts.ts';

/** The platform's own JSON: Calendar API v3, resources Events and errors. */

/** Of a calendar or an event; an instance of a series is `<series>_<its original time in UTC>`. */
export const EventId = storableText(1024)
  .min(1)
  .regex(/^[^/]+$/);

const Time = z.object({
  /** ISO date: the whole day. */
  date: z.string().nullish(),
  /** RFC 3339, with an offset unless `timeZone` says what it is local to. */
  dateTime: z.string().nullish(),
  /** IANA */
  timeZone: z.string().nullish(),
});
export type Time = z.output<typeof Time>;

/** All that is sure of one that was deleted. */
export const Named = z.object({ id: EventId, status: z.string().nullish() });

/** Whether it is an instance of a series; asked apart from the rest, which may not be readable. */
export const OfSeries = z.object({ recurringEventId: z.string().min(1) });

export const Event = z.object({
  id: EventId,
  etag: storableText(200).min(1),
  status: z.string().nullish(),
  eventType: z.string().nullish(),
  transparency: z.string().nullish(),
  start: Time,
  end: Time,
  created: z.string().nullish(),
  updated: z.string().nullish(),
  attendees: z
    .array(
      z.object({
        email: z.string().nullish(),
        self: z.boolean().nullish(),
        responseStatus: z.string().nullish(),
      }),
    )
    .nullish(),
  extendedProperties: z.object({ private: z.record(z.string(), z.string()).nullish() }).nullish(),
});
export type Event = z.output<typeof Event>;

/**
 * What is asked of each event: no title, no description, no place, so no patient comes here. Addresses of who is invited come
 * only where one of them is the owner.
 */
const eventFields = (attendee: string): string =>
  'id,etag,status,eventType,transparency,start,end,created,updated,recurringEventId,' +
  `attendees(${attendee}),extendedProperties/private`;
export const fieldsOf = (isOwned: boolean) => {
  const event = eventFields(isOwned ? 'email,self,responseStatus' : 'self,responseStatus');
  return { event, list: `kind,nextPageToken,nextSyncToken,items(${event})` };
};

export const EventPage = z.object({
  // A page without items may leave them out, so this is by what it is known.
  kind: z.literal('calendar#events'),
  items: z.array(z.unknown()).default([]),
  nextPageToken: z.string().min(1).max(10_000).optional(),
  /** On the last page alone. */
  nextSyncToken: z.string().min(1).max(10_000).optional(),
});

/** Resource CalendarList, of which no more is asked for. */
export const LISTED_FIELDS = 'kind,nextPageToken,items(id,summary,summaryOverride,location)';
export const Listed = z.object({
  id: EventId,
  summary: storableText(1_000).nullish(),
  /** As the user has called it. */
  summaryOverride: storableText(1_000).nullish(),
  location: storableText(1_000).nullish(),
});
export const CalendarListPage = z.object({
  kind: z.literal('calendar#calendarList'),
  items: z.array(z.unknown()).default([]),
  nextPageToken: z.string().min(1).max(10_000).optional(),
});

export const Problem = z.object({
  error: z.object({ errors: z.array(z.object({ reason: z.string() })).min(1) }),
});

/** The private extended properties that we write. */
export const MARK_KEY = 'passerelle';
export const KIND_KEY = 'passerelleKind';

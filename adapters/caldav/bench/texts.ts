/** iCalendar texts (RFC 5545), as people's calendars have them. */

export const ics = (uid: string, ...lines: string[]): string =>
  [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//test//EN', 'BEGIN:VEVENT', `UID:${uid}`],
    ...['DTSTAMP:20261101T000000Z', 'SUMMARY:another client', ...lines, 'END:VEVENT', 'END:VCALENDAR', ''],
  ].join('\r\n');
export const timed = (uid: string, start: string, end: string, ...lines: string[]): string =>
  ics(uid, `DTSTART:${start}`, `DTEND:${end}`, ...lines);

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'chai';
import { parseCalendars } from '../../src/adapter/icalendar/jcal.ts';
import { parseInstant } from '../../src/domain/instant.ts';
import { event, read, spans, starts } from '../support/caldav-text.ts';
import { requireServer } from '../support/servers.ts';

const SAMPLES = resolve(process.env['PASSERELLE_FIXTURES'] ?? '../shared/fixtures', 'icalendar');

describe('caldav: iCalendar (RFC 5545)', () => {
  it('gives a single event the href itself as its id', () => {
    const busy = read(
      event('DTSTART:20261124T142000Z', 'DTEND:20261124T144000Z', 'LAST-MODIFIED:20261101T100000Z'),
    );
    expect(busy.shape).to.equal('single');
    expect(busy.rows).to.deep.equal([
      {
        kind: 'busy',
        externalId: '/c/e.ics',
        calendar: '/c/',
        interval: {
          start: parseInstant('2026-11-24T14:20:00Z'),
          end: parseInstant('2026-11-24T14:40:00Z'),
        },
        mark: null,
        revision: '"1"',
        sequence: null,
        busyKind: 'appointment',
        expiresAt: null,
        changedAt: parseInstant('2026-11-01T10:00:00Z'),
      },
    ]);
  });

  it('takes no time for TRANSPARENT, CANCELLED, zero length, and what the owner declined; TENTATIVE takes it', () => {
    const at = ['DTSTART:20261124T142000Z', 'DURATION:PT20M'];
    const declined = 'ATTENDEE;PARTSTAT=DECLINED:mailto:Doctor@example.org';
    expect(read(event(...at, 'TRANSP:TRANSPARENT')).rows).to.have.length(0);
    expect(read(event(...at, 'STATUS:CANCELLED')).rows).to.have.length(0);
    expect(read(event('DTSTART:20261124T142000Z')))
      .to.include({ shape: 'single' })
      .and.deep.include({ rows: [] });
    expect(read(event(...at, declined), { owner: 'doctor@example.org' }).rows).to.have.length(0);
    expect(read(event(...at, declined), { owner: 'other@example.org' }).rows).to.have.length(1);
    expect(read(event(...at, 'STATUS:TENTATIVE')).rows[0]?.busyKind).to.equal('appointment');
  });

  it('reads a whole day as the local day and as a block, 25 hours when the clocks go back', () => {
    const busy = read(event('DTSTART;VALUE=DATE:20261101'));
    // Local midnight to local midnight: 04:00Z (UTC-4) to 05:00Z (UTC-5).
    expect(spans(busy)).to.deep.equal(['2026-11-01T00:00:00-04:00/2026-11-02T00:00:00-05:00']);
    expect(busy.rows[0]?.busyKind).to.equal('block');
  });

  it("reads a floating time in the calendar's zone", () => {
    expect(starts(read(event('DTSTART:20261124T092000', 'DURATION:PT20M')))).to.deep.equal([
      '2026-11-24T09:20:00-05:00',
    ]);
  });

  it('rejects what would overflow the stack or take minutes, and says why', () => {
    const calendar = (inside: string) => `BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${inside}END:VCALENDAR\r\n`;
    const nested = calendar(`${'BEGIN:X\r\n'.repeat(20_000)}${'END:X\r\n'.repeat(20_000)}`);
    const master =
      'BEGIN:VEVENT\r\nUID:u\r\nDTSTART:20261124T142000Z\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\n';
    const began = performance.now();
    const reasons = [nested, calendar(master.repeat(1_000))].map((text) =>
      read(text).rejected.map(({ reason }) => reason),
    );
    expect(reasons).to.deep.equal([
      ['not iCalendar (RFC 5545)'],
      ['more than 10 recurrence rules, where one resource is one event (RFC 4791, 4.1)'],
    ]);
    expect(performance.now() - began).to.be.below(5_000);
  });

  it('rejects what it cannot place, and says where without quoting it', () => {
    const reasonOf = (...lines: string[]) => {
      const { rows, rejected } = read(event(...lines));
      expect(rows, lines.join()).to.have.length(0);
      expect(rejected, lines.join()).to.have.length(1);
      expect(rejected[0]?.raw).to.equal(event(...lines));
      return rejected[0]?.reason;
    };
    expect(reasonOf('DTSTART;TZID=Nowhere/Town:20261124T092000', 'DURATION:PT20M')).to.equal(
      'vevent.dtstart: TZID names no known zone and defines none',
    );
    expect(reasonOf('DTSTART;TZID="(GMT +01:00)":20261124T092000')).to.match(/TZID/);
    expect(reasonOf('SUMMARY:no start')).to.equal('vevent.dtstart: missing');
    expect(reasonOf('DTSTART:20260230T090000Z')).to.match(/not a date/);
    expect(reasonOf('DTSTART:20261124T092000+0500', 'DURATION:PT20M')).to.match(/UTC offset/);
    expect(reasonOf('DTSTART:20261124T092000Z', 'DTEND:20261124T090000Z')).to.match(/before dtstart/);
    expect(reasonOf('DTSTART:20261124T092000Z', 'DURATION:-PT20M')).to.match(/duration/);
    expect(reasonOf('DTSTART:20261124T092000Z', 'RRULE:FREQ=SOMETIMES')).to.match(/not iCalendar/);
  });

  it("takes an IANA name before the file's own definition, and that before a bare name", () => {
    const zone = (tzid: string) =>
      `BEGIN:VTIMEZONE\r\nTZID:${tzid}\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0300\r\n` +
      'TZOFFSETTO:+0300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT';
    const at = (tzid: string) =>
      starts(
        read(
          event(`DTSTART;TZID=${tzid}:20261124T090000`, 'DURATION:PT20M').replace('BEGIN:VEVENT', zone(tzid)),
        ),
        'UTC',
      );
    expect(at('America/Toronto')).to.deep.equal(['2026-11-24T14:00:00+00:00']);
    expect(at('Eastern Standard Time')).to.deep.equal(['2026-11-24T06:00:00+00:00']);
    expect(at('EST')).to.deep.equal(['2026-11-24T06:00:00+00:00']);
  });

  it('reads a VTIMEZONE with rules on both DST nights', () => {
    const file = (time: string) =>
      event(`DTSTART;TZID=Clinic:${time}`, 'DURATION:PT20M').replace(
        'BEGIN:VEVENT',
        [
          ...['BEGIN:VTIMEZONE', 'TZID:Clinic'],
          ...['BEGIN:DAYLIGHT', 'DTSTART:20070311T020000', 'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU'],
          ...['TZOFFSETFROM:-0500', 'TZOFFSETTO:-0400', 'END:DAYLIGHT'],
          ...['BEGIN:STANDARD', 'DTSTART:20071104T020000', 'RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU'],
          ...['TZOFFSETFROM:-0400', 'TZOFFSETTO:-0500', 'END:STANDARD', 'END:VTIMEZONE', 'BEGIN:VEVENT'],
        ].join('\r\n'),
      );
    const at = (time: string) => starts(read(file(time)));
    expect(at('20260308T013000')).to.deep.equal(['2026-03-08T01:30:00-05:00']); // 06:30Z
    expect(at('20260308T023000')).to.deep.equal(['2026-03-08T03:30:00-04:00']); // skipped: 07:30Z
    expect(at('20261101T013000')).to.deep.equal(['2026-11-01T01:30:00-04:00']); // the first of two: 05:30Z
    expect(at('20261101T023000')).to.deep.equal(['2026-11-01T02:30:00-05:00']); // 07:30Z
  });
});

describe('caldav: published samples (kewisch/ical.js)', () => {
  before(requireServer(`published iCalendar samples (${SAMPLES})`, existsSync(SAMPLES)));

  it('normalizes or rejects each one, and quotes none of them', () => {
    const files = readdirSync(SAMPLES).filter((name) => name.endsWith('.ics'));
    expect(files.length).to.be.greaterThan(40);
    for (const name of files) {
      const text = readFileSync(resolve(SAMPLES, name), 'utf8');
      const { rows, rejected } = read(text);
      const parsed = parseCalendars(text);
      const events =
        parsed.kind === 'calendars' &&
        parsed.calendars.some((calendar) => calendar.components.some((each) => each.name === 'vevent'));
      // TRANSP:TRANSPARENT in the first; no DTEND in the others, so that they last no time.
      if (['forced_types.ics', 'rdate_exdate.ics', 'only_dtstart_time.ics'].includes(name))
        expect(rows).to.have.length(0);
      else if (events) expect(rows.length + rejected.length, name).to.be.greaterThan(0);
      for (const row of rows) expect(row.interval.start, name).to.be.lessThan(row.interval.end);
      for (const { reason } of rejected)
        expect(reason, name).to.match(/^[a-z]+\.[a-z-]+: |^not iCalendar|^longer/);
    }
  });

  const sample = (name: string, zone: string) =>
    starts(read(readFileSync(resolve(SAMPLES, name), 'utf8')), zone);

  it('reads the times that their files name', () => {
    expect(sample('minimal.ics', 'America/Los_Angeles')).to.deep.equal(['2012-06-30T06:00:00-07:00']);
    expect(sample('duration_instead_of_dtend.ics', 'America/Los_Angeles')).to.deep.equal([
      '2012-06-30T06:00:00-07:00',
    ]);
    // VTIMEZONE Nowhere/Middle: 13:42 at −07:41; the event has no UID.
    expect(sample('timezone_from_file.ics', 'UTC')).to.deep.equal(['2023-03-06T21:23:00+00:00']);
    expect(sample('rdate_exdate.ics', 'UTC')).to.deep.equal([]); // no DTEND: it lasts no time
    const instances = sample('recur_instances.ics', 'America/Los_Angeles');
    expect(instances).to.include('2012-10-02T15:00:00-07:00'); // an override moved it from 10:00
    expect(instances).not.to.include('2012-10-02T10:00:00-07:00');
    expect(instances).to.include('2012-11-30T10:00:00-08:00'); // RDATE
    expect(instances).to.include('2023-11-25T01:00:00-08:00'); // RDATE of type PERIOD
    expect(instances).not.to.include('2013-04-02T10:00:00-07:00'); // EXDATE
  });
});

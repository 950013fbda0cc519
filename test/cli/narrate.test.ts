import { expect } from 'chai';
import { demonstration, demonstrationConfiguration } from '../../src/cli/demonstration.ts';
import { LANGUAGES, type Language, languageOf, wantsColour } from '../../src/cli/language.ts';
import { narrate } from '../../src/cli/narrate.ts';
import { clockTime, dayAndTimes, duration } from '../../src/cli/when.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { Directory } from '../../src/domain/directory.ts';
import { parseInstant } from '../../src/domain/instant.ts';
import { interval } from '../../src/domain/interval.ts';
import type { EngineEvent } from '../../src/engine/ports/events.ts';
import { allAdapters } from '../config/adapters.ts';

const ZONE = 'America/Toronto';
const environment = readEnvironment({});
const configuration = demonstrationConfiguration(
  demonstration(environment, {}, null),
  environment,
  await allAdapters(),
);
const directory = new Directory(configuration.directory);

const at = parseInstant('2026-11-24T09:41:03-05:00');
const time = interval(parseInstant('2026-11-24T09:20:00-05:00'), parseInstant('2026-11-24T09:40:00-05:00'));
const subject = { scheduleId: 'dr-tremblay', interval: time } as const;
const busy = { ...subject, at, connectionId: 'rvsq', busyId: 'b' } as const;
const listing = {
  ...subject,
  at,
  connectionId: 'bonjour-sante',
  originId: 'rvsq',
  subjectId: 'b',
  busyKind: 'appointment',
} as const;
const schedule = { type: 'schedule.offered', at, connectionId: null, scheduleId: 'dr-tremblay' } as const;

const say = (event: EngineEvent, language: Language = 'en', colour = false) =>
  narrate(event, { directory, language, colour });

describe('narration', () => {
  it('tells in one line where a booking was made and what was closed for it', () => {
    expect(say({ ...listing, type: 'listing.closed', lagMilliseconds: 140 })).to.equal(
      '09:41:03  Dr Tremblay  booked on RVSQ Tue 24 Nov 09:20–09:40 → closed on Bonjour-santé in 140 ms',
    );
    expect(say({ ...listing, type: 'listing.closed', lagMilliseconds: 1234 }, 'fr')).to.equal(
      '09:41:03  Dr Tremblay  réservé sur RVSQ mar. 24 nov. 9 h 20–9 h 40 → fermé sur Bonjour-santé en 1,2 s',
    );
  });

  it('tells what a schedule is offered for', () => {
    expect(say({ ...schedule, active: false, start: null, end: null })).to.equal(
      '09:41:03  Dr Tremblay  taken off offer: nothing of it may be booked',
    );
    expect(say({ ...schedule, active: true, start: at, end: at }, 'fr')).to.equal(
      '09:41:03  Dr Tremblay  offert à partir du mar. 24 nov. 9 h 41 jusqu’au mar. 24 nov. 9 h 41',
    );
  });

  it('does not call a lunch hour a booking', () => {
    expect(say({ ...listing, busyKind: 'block', type: 'listing.closed', lagMilliseconds: 140 })).to.contain(
      'blocked on RVSQ Tue 24 Nov 09:20–09:40 → closed on Bonjour-santé in 140 ms',
    );
  });

  it('tells of our own bookings, reopening, offers and withdrawals', () => {
    expect(say({ ...listing, originId: null, type: 'listing.closed', lagMilliseconds: 9 })).to.contain(
      'booked on Passerelle Tue 24 Nov 09:20–09:40 → closed on Bonjour-santé in 9 ms',
    );
    expect(say({ ...listing, type: 'listing.reopened', lagMilliseconds: 200 })).to.contain(
      'cancelled on RVSQ Tue 24 Nov 09:20–09:40 → reopened on Bonjour-santé in 200 ms',
    );
    expect(say({ ...listing, originId: null, type: 'listing.published', lagMilliseconds: 200 })).to.contain(
      'slot Tue 24 Nov 09:20–09:40 → published on Bonjour-santé in 200 ms',
    );
    expect(say({ ...listing, type: 'listing.withdrawn', lagMilliseconds: 200 })).to.contain(
      'booked on RVSQ Tue 24 Nov 09:20–09:40 → withdrawn from Bonjour-santé in 200 ms',
    );
  });

  it('tells what was seen on a platform, by kind', () => {
    const seen = (busyKind: 'appointment' | 'hold' | 'block') =>
      say({ ...busy, type: 'busy.observed', busyKind });
    expect(seen('appointment')).to.equal('09:41:03  Dr Tremblay  booked on RVSQ Tue 24 Nov 09:20–09:40');
    expect(seen('hold')).to.contain('held on RVSQ');
    expect(seen('block')).to.contain('blocked on RVSQ');
    expect(say({ ...busy, type: 'busy.ended', busyKind: 'appointment' }, 'fr')).to.contain('annulé sur RVSQ');
  });

  it('makes a conflict stand out', () => {
    const event = { ...busy, type: 'conflict.detected', conflictId: 'x', withBusyId: 'c' } as const;
    expect(say(event)).to.contain('CONFLICT: booked on RVSQ Tue 24 Nov');
    expect(say(event, 'fr')).to.contain('CONFLIT : réservé sur RVSQ mar. 24 nov.');
    expect(say(event, 'en', true)).to.contain('\u001b[31m');
    expect(say(event)).not.to.contain('\u001b[');
  });

  it('tells how a conflict ended, by itself or by whom', () => {
    const named = { ...busy, conflictId: 'x', withBusyId: 'c' } as const;
    expect(say({ ...named, type: 'conflict.ended', how: 'apart' })).to.equal(
      '09:41:03  Dr Tremblay  conflict over Tue 24 Nov 09:20–09:40: a booking was cancelled or moved at its platform',
    );
    const resolved = {
      ...named,
      type: 'conflict.resolved',
      resolution: 'keep-a',
      by: 'admin',
      move: null,
    } as const;
    expect(say(resolved)).to.contain('conflict settled by admin Tue 24 Nov 09:20–09:40: one booking kept');
    expect(say({ ...resolved, resolution: 'keep-both' }, 'fr')).to.contain(
      'conflit réglé par admin mar. 24 nov. 9 h 20–9 h 40 : les deux réservations gardées',
    );
    expect(say(resolved, 'en', true)).to.contain('\u001b[32m');
  });

  it('says nothing of a reading that brought nothing', () => {
    const read = {
      type: 'feed.read',
      at,
      connectionId: 'rvsq',
      feedId: '*',
      complete: false,
      rows: 0,
      slotsChanged: 0,
      slotsRemoved: 0,
      rejected: 0,
    } as const;
    expect(say(read)).to.equal(null);
    expect(say({ ...read, slotsChanged: 252 })).to.equal(
      '09:41:03  RVSQ         read: 252 slots new or changed, 0 gone',
    );
    expect(say({ ...read, rejected: 2 })).to.contain('2 records could not be read');
  });

  it('tells of a feed that is suspect, what to do, and what became of it', () => {
    const feed = { at, connectionId: 'rvsq', feedId: '*' } as const;
    const suspect = {
      ...feed,
      type: 'feed.suspect',
      slots: { known: 360, missing: 340 },
      busy: { known: 12, missing: 1 },
    } as const;
    expect(say(suspect)).to.equal(
      '09:41:03  RVSQ         is SUSPECT: 340 of 360 slots and 1 of 12 busy periods are missing at once; ' +
        'nothing is taken for gone until they are back, or "passerelle confirm rvsq"',
    );
    expect(say(suspect, 'fr')).to.contain(
      '340 plages sur 360 et 1 périodes occupées sur 12 manquent d’un coup',
    );
    expect(say({ ...feed, type: 'feed.accepted' })).to.contain('confirmed as gone');
    expect(say({ ...feed, type: 'feed.cleared' }, 'fr')).to.contain('n’est plus suspect');
  });

  it('has words for every event in both languages', () => {
    const { at: when, scheduleId, interval: time } = busy;
    const task = {
      at: when,
      connectionId: 'rvsq',
      taskId: '1',
      subjectId: '2',
      scheduleId,
      interval: time,
      by: 'Anne',
    };
    const events: EngineEvent[] = [
      ...(['busy.observed', 'busy.moved', 'busy.ended'] as const).map((type) => ({
        ...busy,
        type,
        busyKind: 'appointment' as const,
      })),
      ...(
        [
          'appointment.claimed',
          'appointment.booked',
          'appointment.refused',
          'appointment.cancelled',
          'appointment.moved',
        ] as const
      ).map((type) => ({ ...busy, connectionId: null, type })),
      ...(['task.asked', 'task.undone', 'task.taken'] as const).map((type) => ({ ...task, type })),
      { ...task, type: 'task.done', lateMilliseconds: 0 },
      { ...task, type: 'task.done', lateMilliseconds: 7 * 60_000 },
      { at, type: 'tasks.escalated', connectionId: 'rvsq', tasks: 1 },
      { at, type: 'tasks.escalated', connectionId: 'rvsq', tasks: 2 },
      { at, type: 'tasks.not-escalated', connectionId: 'rvsq', tasks: 2 },
      { at, type: 'connection.down', connectionId: 'rvsq', reason: 'no answer' },
      { at, type: 'connection.up', connectionId: 'rvsq', reason: null },
      { at, type: 'agenda.written', connectionId: 'rvsq', published: 2, withdrawn: 1 },
      { ...schedule, active: false, start: null, end: null },
      { ...schedule, active: true, start: null, end: null },
      { ...schedule, active: true, start: null, end: at },
      { ...schedule, active: true, start: at, end: null },
    ];
    for (const language of LANGUAGES) {
      const lines = events.map((event) => say(event, language));
      expect(new Set(lines).size).to.equal(events.length);
      for (const line of lines)
        expect(line)
          .to.match(/^09:41:03 {2}\S.*/)
          .and.not.to.contain('undefined');
    }
  });
});

describe('times as people read them', () => {
  it('follow the zone through both nights of the year', () => {
    // The clocks go back at 02:00 on 1 November 2026: 01:30 is there twice.
    expect(clockTime(parseInstant('2026-11-01T05:30:00Z'), ZONE)).to.equal('01:30:00');
    expect(clockTime(parseInstant('2026-11-01T06:30:00Z'), ZONE)).to.equal('01:30:00');
    // They go forward at 02:00 on 8 March 2026: there is no 02:30.
    const over = interval(parseInstant('2026-03-08T06:50:00Z'), parseInstant('2026-03-08T07:10:00Z'));
    expect(dayAndTimes(over, ZONE, 'en')).to.equal('Sun 8 Mar 01:50–03:10');
    expect(dayAndTimes(over, ZONE, 'fr')).to.equal('dim. 8 mars 1 h 50–3 h 10');
  });

  it('writes midnight as 00', () => {
    expect(clockTime(parseInstant('2026-11-24T05:00:00Z'), ZONE)).to.equal('00:00:00');
  });

  const durations: [number, string, string][] = [
    [0, '0 ms', '0 ms'],
    [999, '999 ms', '999 ms'],
    [1_000, '1.0 s', '1,0 s'],
    [59_000, '59 s', '59 s'],
    [180_000, '3 min', '3 min'],
    [7_200_000, '2 h', '2 h'],
    [4 * 86_400_000, '4 d', '4 j'],
  ];
  for (const [milliseconds, english, french] of durations) {
    it(`says ${milliseconds} ms as ${english}`, () => {
      expect(duration(milliseconds, 'en')).to.equal(english);
      expect(duration(milliseconds, 'fr')).to.equal(french);
    });
  }
});

describe('language and colour', () => {
  it('are taken from the option, then the variables in order, then English', () => {
    expect(languageOf('en', { PASSERELLE_LANG: 'fr' })).to.equal('en');
    expect(languageOf(undefined, { PASSERELLE_LANG: 'fr', LANG: 'en_CA.UTF-8' })).to.equal('fr');
    expect(languageOf(undefined, { LANG: 'fr_CA.UTF-8' })).to.equal('fr');
    expect(languageOf(undefined, { LC_ALL: 'C', LANG: 'fr_CA.UTF-8' })).to.equal('en');
    expect(languageOf(undefined, {})).to.equal('en');
  });

  it('colours only a terminal whose user did not decline', () => {
    expect(wantsColour({ isTTY: true }, {})).to.equal(true);
    expect(wantsColour({ isTTY: true }, { NO_COLOR: '1' })).to.equal(false);
    expect(wantsColour({}, {})).to.equal(false);
  });
});

import { expect } from 'chai';
import { DAY, HOUR, type Instant, MINUTE, parseInstant, plus } from '../../../src/domain/instant.ts';
import type { Interval } from '../../../src/domain/interval.ts';
import { type Calendar, DEFAULT_POLICY, type Policy } from '../../../src/domain/schedule.ts';
import type {
  Fact,
  PolicyPreview,
  PolicyRecord,
  RecordedConflict,
  RecordedPeriod,
  RecordedSlot,
} from '../../../src/engine/ports/policy-preview.ts';
import { previewOf } from '../../../src/engine/preview/preview.ts';
import { momentAt } from '../../../src/engine/preview/words.ts';
import { at, CALENDARS, span, under, uuid } from '../../support/clinic.ts';

/** Made-up days of one doctor, on two platforms; all minutes are counted from nine in the morning of the 24th. */

const WEEK = { start: plus(at(0), -DAY), end: plus(at(0), DAY) };
const HALVES: Policy['sharing'] = {
  mode: 'allotted',
  shares: { east: 1, west: 1 },
  unitMinutes: 60,
  pooledMillisecondsBefore: 12 * HOUR,
};
/** It begins that day, so nine o’clock is its, ten is of the other. */
const NINE_OF = 'east';
const LONG_BEFORE = plus(at(0), -3 * DAY);

let next = 0;

/** As the words of the preview have it. */
const said = (text: string): string => momentAt(parseInstant(text), 'America/Toronto').en;

const period = (
  interval: Interval,
  facts: readonly Fact[],
  more: Partial<RecordedPeriod> = {},
): RecordedPeriod => {
  next += 1;
  return {
    ...{ id: uuid(next), scheduleId: 'doctor-here', kind: 'appointment', originId: 'east', interval },
    ...{ expiresAt: null, changedAt: facts[0]?.at ?? at(-60), endedAt: null, facts },
    ...more,
  };
};

const fact = (type: Fact['type'], when: Instant, connectionId: string | null, interval: Interval): Fact => ({
  ...{ type, at: when, connectionId, interval },
});

/** On the platform’s own site. */
const seen = (connectionId: string, interval: Interval, when: Instant, more: Partial<RecordedPeriod> = {}) =>
  period(interval, [fact('busy.observed', when, connectionId, interval)], {
    originId: connectionId,
    ...more,
  });

/** Through Passerelle. */
const asked = (
  connectionId: string,
  interval: Interval,
  when: Instant,
  then: readonly Fact[] = [],
  more: Partial<RecordedPeriod> = {},
) =>
  period(
    interval,
    [
      fact('appointment.claimed', when, connectionId, interval),
      fact('appointment.booked', plus(when, 400), connectionId, interval),
      ...then,
    ],
    { originId: connectionId, ...more },
  );

const slots = (from: number, to: number, minutes: number, connectionId = 'east'): RecordedSlot[] =>
  Array.from({ length: (to - from) / minutes }, (_, index) => {
    next += 1;
    const start = from + index * minutes;
    return {
      ...{
        slotId: uuid(next),
        scheduleId: 'doctor-here',
        connectionId,
        calendar: `${connectionId[0]}-doctor`,
      },
      interval: span(start, start + minutes),
    };
  });

const NOTHING: PolicyRecord = {
  ...{ scheduleId: 'doctor-here', window: WEEK, slots: [], periods: [], conflicts: [], outages: [] },
  ...{ accepted: [], since: null, minutesWorked: (WEEK.end - WEEK.start) / MINUTE, complete: true },
  readAt: WEEK.end,
};

function preview(
  record: Partial<PolicyRecord>,
  candidate: Partial<Policy>,
  current: Partial<Policy> = {},
  calendars: readonly Calendar[] = CALENDARS,
): PolicyPreview {
  const rules = { ...DEFAULT_POLICY, ...candidate };
  return previewOf(under(current, calendars), { ...NOTHING, ...record }, rules, (id) => id === 'west');
}

const told = ({ cases }: PolicyPreview) =>
  cases.map(({ kind, current, candidate }) => [kind, current.outcome, candidate.outcome]);
const reasonsOf = ({ cases }: PolicyPreview) => cases.map(({ candidate }) => candidate.reason?.en);

describe('the preview of a policy', () => {
  it('says when in words, by the clock of the place', () => {
    const moment = momentAt(parseInstant('2026-11-24T02:05:00Z'), 'America/Toronto');
    expect(moment.fr).to.match(/23 nov.*21:05/);
    expect(moment.en).to.match(/Nov.* 23.*21:05/);
  });

  it('finds nothing otherwise where nothing is, and says what cannot be known', () => {
    const found = preview({}, {});
    expect(found.cases).to.deep.equal([]);
    expect(found.current).to.deep.equal(found.candidate);
    expect(found.unknowns.length).to.be.greaterThan(3);
    for (const { fr, en } of found.unknowns) {
      expect(fr, en).not.to.equal('');
      expect(fr).not.to.equal(en);
    }
  });

  it('says from when on something is known, for how long nobody worked, and that there was more', () => {
    const words = (record: Partial<PolicyRecord>) =>
      preview(record, {})
        .unknowns.map(({ en }) => en)
        .join('\n');
    expect(words({ since: at(0) })).to.contain(`before ${said('2026-11-24T09:00:00-05:00')}`);
    expect(words({ since: plus(WEEK.start, -1) })).not.to.contain('it was linked then');
    expect(words({ minutesWorked: 24 * 60 })).to.contain('For 24 h of these days nothing was measured');
    expect(words({})).not.to.contain('nothing was measured');
    expect(words({ complete: false })).to.contain('more than is looked at');
    expect(words({ readAt: at(0), minutesWorked: 0 }))
      .to.contain('not over')
      .and.not.to.contain('nothing was measured');
    expect(words({})).not.to.contain('not over');
    const other = preview({}, { freshnessMilliseconds: MINUTE })
      .unknowns.map(({ en }) => en)
      .join('\n');
    expect(other).to.contain('Freshness');
  });

  describe('bookings', () => {
    it('on another platform’s share could not have been made there', () => {
      const periods = [
        seen('west', span(0, 20), LONG_BEFORE),
        seen('east', span(20, 40), LONG_BEFORE),
        asked('west', span(40, 60), LONG_BEFORE),
        // Pooled by then.
        seen('west', span(0, 20), at(-60)),
      ];
      const found = preview({ periods, slots: slots(0, 180, 20) }, { sharing: HALVES });
      expect(found.current.bookings).to.deep.include({ made: 4, refused: 0 });
      expect(found.candidate.bookings).to.deep.equal({
        ...{ made: 4, refused: 2 },
        reasons: { share: 2, across: 0, release: 0, outage: 0 },
      });
      expect(told(found)).to.deep.equal([
        ['booking', 'possible', 'refused'],
        ['booking', 'possible', 'refused'],
      ]);
      expect(reasonsOf(found)[0]).to.equal(
        `it was the share of ${NINE_OF} until ${said('2026-11-23T21:00:00-05:00')}`,
      );
    });

    it('that lie across two shares could be made nowhere; what takes no part sells what it has', () => {
      const periods = [seen('east', span(50, 70), LONG_BEFORE), seen('home', span(50, 70), LONG_BEFORE)];
      const found = preview({ periods }, { sharing: HALVES });
      expect(found.candidate.bookings.reasons).to.include({ across: 1, share: 0 });
    });

    it('go by what had been handed on when a share was sold', () => {
      const all = [...slots(0, 240, 60, 'east'), ...slots(0, 240, 60, 'west')];
      const periods = [
        // Of `east`: nine and eleven. It has nothing left then, and is handed noon, the last of `west`.
        seen('east', span(0, 60), LONG_BEFORE),
        seen('east', span(120, 180), plus(LONG_BEFORE, HOUR)),
        seen('east', span(180, 240), plus(LONG_BEFORE, 2 * HOUR)),
      ];
      expect(preview({ periods, slots: all }, { sharing: HALVES }).candidate.bookings.refused).to.equal(0);
      const last = periods.slice(2);
      expect(preview({ periods: last, slots: all }, { sharing: HALVES }).candidate.bookings.refused).to.equal(
        1,
      );
    });

    it('before the release could not have been made through Passerelle, nor where it publishes', () => {
      const release: Policy['release'] = { kind: 'before', milliseconds: 48 * HOUR };
      const fed: Calendar[] = CALENDARS.map((each) =>
        each.externalId === 'w-doctor' ? { ...each, topology: 'publish' } : each,
      );
      const periods = [
        asked('east', span(0, 20), LONG_BEFORE),
        asked('east', span(20, 40), at(-60)),
        seen('east', span(40, 60), LONG_BEFORE),
        seen('west', span(60, 80), LONG_BEFORE),
      ];
      const found = preview({ periods }, { release }, {}, fed);
      expect(found.candidate.bookings.reasons).to.deep.equal({ share: 0, across: 0, release: 2, outage: 0 });
      expect(reasonsOf(found)).to.deep.equal([
        `it may be booked only from ${said('2026-11-22T09:00:00-05:00')}`,
        `it may be booked only from ${said('2026-11-22T10:00:00-05:00')}`,
      ]);
    });

    it('by the clinic itself are bound by no rule, and what its platform refused was never booked', () => {
      const refused = period(span(0, 20), [
        fact('appointment.claimed', LONG_BEFORE, 'east', span(0, 20)),
        fact('appointment.refused', LONG_BEFORE, 'east', span(0, 20)),
      ]);
      const byStaff = period(span(0, 20), [fact('appointment.booked', LONG_BEFORE, null, span(0, 20))], {
        originId: null,
      });
      const found = preview(
        { periods: [refused, byStaff] },
        { sharing: HALVES, release: { kind: 'before', milliseconds: HOUR } },
      );
      expect(found.candidate.bookings).to.deep.include({ made: 1, refused: 0 });
    });

    it('are judged by what was promised: from when their hold was asked for', () => {
      const interval = span(0, 20);
      const before = at(-12 * 60 - 1);
      const held = period(interval, [
        fact('appointment.claimed', before, 'west', interval),
        fact('appointment.held', before, 'west', interval),
        fact('appointment.booked', at(-12 * 60 + 1), 'west', interval),
      ]);
      expect(preview({ periods: [held] }, { sharing: HALVES }).candidate.bookings.refused).to.equal(1);
    });
  });

  describe('the hours', () => {
    it('are dealt by the shares, and sold, here or elsewhere', () => {
      const all = [...slots(0, 240, 20, 'east'), ...slots(0, 240, 20, 'west')];
      const periods = [
        seen('east', span(0, 20), LONG_BEFORE),
        // After all is pooled.
        seen('west', span(20, 40), at(-60)),
        // Cancelled in time.
        seen('east', span(40, 60), LONG_BEFORE, { endedAt: at(-500) }),
        // Another’s share.
        seen('east', span(60, 80), LONG_BEFORE),
      ];
      const { current, candidate } = preview({ periods, slots: all }, { sharing: HALVES });
      const by = (of: typeof current) =>
        Object.fromEntries(
          of.platforms.map(
            ({ connectionId, takesPart, minutesOffered, minutesSold, minutesSoldElsewhere }) => [
              connectionId,
              [takesPart, minutesOffered, minutesSold, minutesSoldElsewhere],
            ],
          ),
        );
      expect(by(current)).to.deep.equal({ east: [false, 240, 40, 20], west: [false, 240, 20, 40] });
      expect(by(candidate)).to.deep.equal({ east: [true, 120, 20, 20], west: [true, 120, 0, 0] });
      expect(candidate.platforms.find(({ connectionId }) => connectionId === 'east')).to.include({
        bookings: 3,
        refused: 1,
      });
    });
  });

  describe('cancelling and moving', () => {
    const cancelled = (minutes: number) =>
      asked(
        'east',
        span(0, 20),
        LONG_BEFORE,
        [fact('appointment.cancelled', at(minutes), 'east', span(0, 20))],
        {
          endedAt: at(minutes),
        },
      );

    it('past the limit would have been refused, through Passerelle only', () => {
      const periods = [
        cancelled(-30 * 60),
        cancelled(-60),
        seen('west', span(0, 20), LONG_BEFORE, { endedAt: at(-30) }),
      ];
      const found = preview({ periods }, { cancellation: { untilMillisecondsBefore: 24 * HOUR } });
      expect(found.current.cancellations).to.deep.equal({ made: 2, refused: 0 });
      expect(found.candidate.cancellations).to.deep.equal({ made: 2, refused: 1 });
      expect(reasonsOf(found)[0]).to.contain(said('2026-11-23T09:00:00-05:00'));
    });

    it('a move counts from the start that it had', () => {
      const moved = asked('east', span(6000, 6020), LONG_BEFORE, [
        fact('appointment.moved', at(-60), 'east', span(6000, 6020)),
      ]);
      const first = {
        ...moved,
        facts: moved.facts.map((each, index) => (index < 2 ? { ...each, interval: span(0, 20) } : each)),
      };
      const limit = { cancellation: { untilMillisecondsBefore: 24 * HOUR } };
      expect(preview({ periods: [first] }, limit).candidate.moves).to.deep.equal({ made: 1, refused: 1 });
      expect(preview({ periods: [moved] }, limit).candidate.moves).to.deep.equal({ made: 1, refused: 0 });
    });

    it('by which a conflict was settled is bound by no limit', () => {
      const period = cancelled(-60);
      const other = seen('west', span(0, 20), LONG_BEFORE);
      const conflicts = [{ a: period, b: other, detectedAt: at(-90), settledAt: at(-60) }];
      const limit = { cancellation: { untilMillisecondsBefore: 24 * HOUR } };
      expect(preview({ periods: [period], conflicts }, limit).candidate.cancellations.made).to.equal(0);
    });
  });

  describe('two patients of one hour', () => {
    const conflict = (a: RecordedPeriod, b: RecordedPeriod): RecordedConflict => ({
      ...{ a, b, detectedAt: at(-600), settledAt: null },
    });
    const east = seen('east', span(0, 20), LONG_BEFORE);
    const west = seen('west', span(0, 20), plus(LONG_BEFORE, MINUTE));
    /** What is asked about under both is as it was. */
    const outcome = (record: Partial<PolicyRecord>, policy: Partial<Policy>) =>
      preview(record, policy).cases.find(({ kind }) => kind === 'conflict')?.candidate.outcome ?? 'asked';

    it('would not have met where one of them could not have booked', () => {
      const record = { periods: [east, west], conflicts: [conflict(east, west)] };
      const found = preview(record, { sharing: HALVES });
      expect(found.current.conflicts).to.deep.equal({ arose: 1, prevented: 0, settled: 0, asked: 1 });
      expect(found.candidate.conflicts).to.deep.equal({ arose: 1, prevented: 1, settled: 0, asked: 0 });
    });

    it('would not have met under hold-first where one was asked of Passerelle, unless the other was down', () => {
      const ours = asked('east', span(0, 20), LONG_BEFORE);
      const record = { conflicts: [conflict(ours, west)] };
      const sharing = { mode: 'hold-first' } as const;
      expect(outcome(record, { sharing })).to.equal('prevented');
      expect(outcome({ conflicts: [conflict(east, west)] }, { sharing })).to.equal('asked');
      const window = { start: plus(LONG_BEFORE, -HOUR), end: plus(LONG_BEFORE, HOUR) };
      const outages = [{ connectionId: 'west', kind: 'down' as const, window }];
      expect(outcome({ ...record, outages }, { sharing })).to.equal('asked');
    });

    it('would have been settled under keep-first, where the later one’s platform takes that', () => {
      const rule = { conflicts: 'keep-first' } as const;
      expect(outcome({ conflicts: [conflict(east, west)] }, rule)).to.equal('settled');
      const later = seen('east', span(0, 20), plus(LONG_BEFORE, HOUR));
      expect(outcome({ conflicts: [conflict(west, later)] }, rule), 'east takes none').to.equal('asked');
      const same = seen('west', span(0, 20), plus(LONG_BEFORE, MINUTE));
      expect(outcome({ conflicts: [conflict(same, west)] }, rule), 'at one moment').to.equal('asked');
    });
  });

  describe('outages', () => {
    const window = { start: at(-600), end: at(-480) };
    const outages = [{ connectionId: 'east', kind: 'down' as const, window }];
    const accepting = (failover: Policy['failover'], kind: 'down' | 'paused' = 'down') =>
      preview({ outages: [{ connectionId: 'east', kind, window }] }, { failover }).candidate.outages[0]
        ?.minutesAccepting;
    const rule = (forMilliseconds: number | null, untilMillisecondsBefore = 0): Policy['failover'] => ({
      ...{ mode: 'accept', forMilliseconds, untilMillisecondsBefore },
    });

    it('are accepted through for as long as the rule says', () => {
      expect(accepting({ mode: 'refuse' })).to.equal(0);
      expect(accepting(rule(null))).to.equal(120);
      expect(accepting(rule(HOUR))).to.equal(60);
      expect(accepting(rule(HOUR), 'paused'), 'it has no known beginning').to.equal(0);
      expect(accepting(rule(null), 'paused')).to.equal(120);
    });

    it('what was accepted would have been refused', () => {
      const later = span(4000, 4020);
      const accepted = [{ connectionId: 'east', at: at(-500), interval: later }];
      const of = (failover: Policy['failover'], known = outages) =>
        preview({ outages: known, accepted }, { failover }, { failover: rule(null) });
      expect(of({ mode: 'refuse' }).candidate.accepted).to.deep.equal({ made: 1, refused: 1, unknown: 0 });
      expect(of(rule(null)).candidate.accepted).to.deep.equal({ made: 1, refused: 0, unknown: 0 });
      expect(of(rule(HOUR)).candidate.accepted.refused).to.equal(1);
      expect(of(rule(null, 100 * HOUR)).candidate.accepted.refused).to.equal(1);
      expect(of(rule(HOUR), []).candidate.accepted, 'since when is not known').to.deep.equal({
        ...{ made: 1, refused: 0, unknown: 1 },
      });
      expect(told(of({ mode: 'refuse' }))).to.deep.equal([['accepted', 'possible', 'refused']]);
    });

    it('a booking of these days that was accepted is told once', () => {
      const interval = span(0, 20);
      const taken = asked('east', interval, at(-500), [
        fact('appointment.accepted', at(-499), 'east', interval),
      ]);
      const accepted = [{ connectionId: 'east', at: at(-499), interval }];
      const found = preview({ outages, accepted, periods: [taken] }, {}, { failover: rule(null) });
      expect(told(found)).to.deep.equal([['booking', 'possible', 'refused']]);
      expect(found.candidate.bookings.reasons.outage).to.equal(1);
    });
  });

  describe('holds', () => {
    const interval = span(0, 20);
    const finished = (minutes: number) =>
      period(interval, [
        fact('appointment.claimed', at(-60), 'east', interval),
        fact('appointment.held', at(-60), 'east', interval),
        fact('appointment.claimed', at(-60 + minutes), 'east', interval),
        fact('appointment.booked', at(-60 + minutes), 'east', interval),
      ]);
    const lapsed = (minutes: number) =>
      period(
        interval,
        [
          fact('appointment.claimed', at(-60), 'east', interval),
          fact('appointment.held', at(-60), 'east', interval),
        ],
        {
          ...{ kind: 'hold', originId: null, expiresAt: at(-60 + minutes), endedAt: at(-60 + minutes) },
        },
      );
    const holds = (usual: number, most: number): Partial<Policy> => ({
      holds: { usualMilliseconds: usual * MINUTE, mostMilliseconds: most * MINUTE },
    });

    it('would have been over before their patient had finished', () => {
      const found = preview({ periods: [finished(4), finished(12)] }, holds(5, 10));
      expect(found.current.holds).to.deep.equal({ made: 2, shorter: 0, longer: 0, minutes: 16 });
      expect(found.candidate.holds).to.deep.equal({ made: 2, shorter: 1, longer: 0, minutes: 14 });
    });

    it('that were left alone would have ended sooner or later, as far as nobody asked for a length', () => {
      const periods = [lapsed(5), lapsed(20)];
      expect(preview({ periods }, holds(2, 30)).candidate.holds).to.include({
        shorter: 1,
        longer: 0,
        minutes: 22,
      });
      expect(preview({ periods }, holds(8, 30)).candidate.holds).to.include({
        shorter: 0,
        longer: 1,
        minutes: 28,
      });
      expect(preview({ periods }, holds(5, 15)).candidate.holds).to.include({ shorter: 1, minutes: 20 });
    });

    it('that a platform gave are its own affair', () => {
      const theirs = seen('east', interval, at(-60), { kind: 'hold', endedAt: at(-50) });
      expect(preview({ periods: [theirs] }, holds(1, 1)).candidate.holds.made).to.equal(0);
    });
  });
});

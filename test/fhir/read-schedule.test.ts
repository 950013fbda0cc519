import { expect } from 'chai';
import { readSchedule } from '../../mappings/fhir/read-schedule.ts';
import { formatInstant, type Instant } from '../../src/domain/instant.ts';

const ZONE = 'America/Toronto';
const BARE = { resourceType: 'Schedule', id: 'x' };
const iso = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));

describe('mappings/fhir: reading a Schedule', () => {
  it('takes what is left out for on offer, without bounds and without a comment', () => {
    expect(readSchedule({ resourceType: 'Schedule' }, ZONE)).to.deep.equal({
      outcome: 'read',
      schedule: {
        id: null,
        state: { active: true, start: null, end: null, startText: null, endText: null, comment: null },
      },
    });
  });

  // The local reading in the zone stands in the text, the instants beside it: of a start the first, of an end the last.
  const moments: [text: string, start: string, end: string][] = [
    ['2026', '2026-01-01T05:00:00.000Z', '2027-01-01T05:00:00.000Z'],
    ['2026-11', '2026-11-01T04:00:00.000Z', '2026-12-01T05:00:00.000Z'],
    ['2026-12', '2026-12-01T05:00:00.000Z', '2027-01-01T05:00:00.000Z'],
    ['2026-12-31', '2026-12-31T05:00:00.000Z', '2027-01-01T05:00:00.000Z'],
    // The day on which the clocks go back has 25 hours, the other one 23.
    ['2026-11-01', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
    ['2027-03-14', '2027-03-14T05:00:00.000Z', '2027-03-15T04:00:00.000Z'],
    ['2026-11-24T12:00:00-05:00', '2026-11-24T17:00:00.000Z', '2026-11-24T17:00:00.000Z'],
    ['2026-11-24T12:00:00.5Z', '2026-11-24T12:00:00.500Z', '2026-11-24T12:00:00.500Z'],
  ];
  for (const [text, start, end] of moments) {
    it(`reads ${text} at either end, and keeps it as it was written`, () => {
      for (const [side, at] of [
        ['start', start],
        ['end', end],
      ] as const) {
        const reading = readSchedule({ ...BARE, planningHorizon: { [side]: text } }, ZONE);
        if (reading.outcome !== 'read') throw new Error(JSON.stringify(reading.findings));
        const { state } = reading.schedule;
        expect({ at: iso(state[side]), text: state[`${side}Text`] }).to.deep.equal({ at, text });
        expect(iso(state[side === 'start' ? 'end' : 'start'])).to.equal(null);
      }
    });
  }

  it('takes one day for a whole one', () => {
    const planningHorizon = { start: '2026-11-01', end: '2026-11-01' };
    expect(readSchedule({ ...BARE, planningHorizon }, ZONE).outcome).to.equal('read');
  });

  const horizon = (start: unknown, end: unknown) => ({ ...BARE, planningHorizon: { start, end } });
  const END = 'Schedule.planningHorizon.end';
  const rows: Record<string, [body: unknown, findings: string[]]> = {
    'nothing at all': [null, ['structure Schedule']],
    'another type': [{ resourceType: 'Slot' }, ['value Schedule.resourceType']],
    'an end before the start': [horizon('2026-12', '2026-11-30'), [`invariant ${END}`]],
    'an end at the start': [
      horizon('2026-12-01T00:00:00-05:00', '2026-12-01T05:00:00Z'),
      [`invariant ${END}`],
    ],
    'a time without an offset': [horizon('2026-12-01', '2026-12-01T09:00:00'), [`value ${END}`]],
    'a time without seconds': [horizon('2026-12-01', '2026-12-01T09:00Z'), [`value ${END}`]],
    'a leap second': [horizon('2026-12-01', '2026-12-31T23:59:60Z'), [`value ${END}`]],
    '30 February': [horizon('2026-02-01', '2026-02-30'), [`value ${END}`]],
    'the month 13': [horizon('2026-02-01', '2026-13'), [`value ${END}`]],
    'the year 0': [horizon('0000', '2026'), ['value Schedule.planningHorizon.start']],
    'all of it at once': [
      { ...horizon(2026, 'soon'), active: 'no', comment: 'x'.repeat(2_001) },
      [
        'structure Schedule.active',
        'structure Schedule.planningHorizon.start',
        `value ${END}`,
        'value Schedule.comment',
      ],
    ],
    'an empty comment': [{ ...BARE, comment: '' }, ['value Schedule.comment']],
    'a comment with NUL': [{ ...BARE, comment: 'a\u0000b' }, ['value Schedule.comment']],
    'half a character': [{ ...BARE, comment: 'a\ud83d' }, ['value Schedule.comment']],
    'null for false': [{ ...BARE, active: null }, ['structure Schedule.active']],
  };
  for (const [name, [body, findings]] of Object.entries(rows)) {
    it(`refuses ${name}`, () => {
      const reading = readSchedule(body, ZONE);
      if (reading.outcome !== 'invalid') throw new Error('it was read');
      expect(reading.findings.map(({ code, expression }) => `${code} ${expression}`)).to.deep.equal(findings);
      for (const { message } of reading.findings) expect(message.fr).to.not.equal(message.en);
    });
  }

  it('takes whole characters for whole, however they are written', () => {
    expect(readSchedule({ ...BARE, comment: 'congé 🏖' }, ZONE).outcome).to.equal('read');
  });
});

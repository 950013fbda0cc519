import { expect } from 'chai';
import { type EasterHoliday, holidaysOf, type Observance } from '../../src/domain/holidays.ts';
import { formatWall, weekdayOf } from '../../src/domain/recurrence/wall.ts';

/**
 * The dates are those of vacanza/holidays (snapshots/countries/CA_QC.json), and of commenthol/date-holidays
 * (test/fixtures/CA-QC-2027.json and -2029.json), which reckon them each for itself. Which of them are holidays, and
 * where they go from a Sunday, is what the Acts say: both collections have more days than these.
 */

const USUAL: Observance = { easter: 'good-friday', worksSundays: false };

const datesOf = (year: number, observance: Observance): string[] =>
  holidaysOf(year, observance).map(({ day }) => formatWall(day).slice(5, 10));

describe('the public holidays of Québec', () => {
  const years: Record<number, string> = {
    2025: '01-01 04-18 05-19 06-24 07-01 09-01 10-13 12-25',
    2026: '01-01 04-03 05-18 06-24 07-01 09-07 10-12 12-25',
    2027: '01-01 03-26 05-24 06-24 07-01 09-06 10-11 12-25',
    2028: '01-01 04-14 05-22 06-24 07-01 09-04 10-09 12-25',
    // 24 June and 1 July 2029 are Sundays.
    2029: '01-01 03-30 05-21 06-25 07-02 09-03 10-08 12-25',
    2030: '01-01 04-19 05-20 06-24 07-01 09-02 10-14 12-25',
  };
  for (const [year, dates] of Object.entries(years)) {
    it(`are eight in ${year}`, () => expect(datesOf(Number(year), USUAL).join(' ')).to.equal(dates));
  }

  it('have Easter Monday in place of Good Friday where the clinic chose so', () => {
    const mondays = [2025, 2026, 2027, 2028, 2029, 2030].map(
      (year) => datesOf(year, { ...USUAL, easter: 'easter-monday' })[1],
    );
    expect(mondays).to.deep.equal(['04-21', '04-06', '03-29', '04-17', '04-02', '04-22']);
  });

  it('leave the Fête nationale on its Sunday for who works on Sundays, and Canada Day to nobody', () => {
    const dates = datesOf(2029, { ...USUAL, worksSundays: true });
    expect(dates.slice(3, 5)).to.deep.equal(['06-24', '07-02']);
    expect(datesOf(2028, { ...USUAL, worksSundays: true })).to.deep.equal(datesOf(2028, USUAL));
  });

  it('are in order, on the weekdays of the Acts, and named in both languages, for two centuries', () => {
    const weekdays: Record<EasterHoliday, number> = { 'good-friday': 4, 'easter-monday': 0 };
    for (let year = 1990; year < 2190; year += 1) {
      for (const easter of ['good-friday', 'easter-monday'] as const) {
        const holidays = holidaysOf(year, { ...USUAL, easter });
        const days = holidays.map(({ day }) => day);
        expect(days).to.deep.equal([...days].sort((a, b) => a - b));
        const [, ofEaster, patriots, , , labour, thanksgiving] = days.map(weekdayOf);
        expect([ofEaster, patriots, labour, thanksgiving]).to.deep.equal([weekdays[easter], 0, 0, 0]);
        for (const { name } of holidays) expect(name.fr).to.not.equal(name.en);
      }
    }
  });

  it('know the earliest and the latest Easter that there are', () => {
    expect(datesOf(2285, { ...USUAL, easter: 'easter-monday' })[1]).to.equal('03-23');
    expect(datesOf(2038, { ...USUAL, easter: 'easter-monday' })[1]).to.equal('04-26');
    expect(datesOf(1954, { ...USUAL, easter: 'easter-monday' })[1]).to.equal('04-19');
  });
});

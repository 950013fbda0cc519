import { expect } from 'chai';
import {
  addDays,
  dayOf,
  instantOf,
  isDay,
  mondayOf,
  offsetText,
  startOf,
  timeText,
  today,
  wallClock,
} from '../../console/src/time/zone.ts';

const ZONE = 'America/Toronto';

describe('the times of the console', () => {
  it('shows the clock of the clinic, wherever the browser is', () => {
    expect(wallClock('2026-11-30T14:20:00Z', ZONE)).to.equal('2026-11-30T09:20:00');
    expect(wallClock('2026-07-02T14:20:00Z', ZONE)).to.equal('2026-07-02T10:20:00');
    expect(timeText('2026-11-30T14:20:00Z', ZONE)).to.equal('09:20');
    expect(dayOf('2026-12-01T03:00:00Z', ZONE)).to.equal('2026-11-30');
  });

  it('gives back the instant of what a clock shows', () => {
    for (const wall of ['2026-11-30T09:20:00', '2026-07-02T00:00:00'])
      expect(wallClock(instantOf(wall, ZONE), ZONE)).to.equal(wall);
    expect(startOf('2026-11-30', ZONE)).to.equal('2026-11-30T05:00:00Z');
  });

  it('knows the nights on which clocks are changed', () => {
    // 02:30 of 8 March 2026 is on no clock; of 1 November 01:30 is twice, first by summer time.
    expect(instantOf('2026-03-08T02:30:00', ZONE)).to.equal('2026-03-08T07:30:00Z');
    expect(instantOf('2026-11-01T01:30:00', ZONE)).to.equal('2026-11-01T05:30:00Z');
    const night = Date.parse(startOf('2026-11-02', ZONE)) - Date.parse(startOf('2026-11-01', ZONE));
    expect(night).to.equal(25 * 3_600_000);
    expect(offsetText(ZONE, Date.parse('2026-07-01T12:00:00Z'))).to.equal('-04:00');
  });

  it('counts days and weeks by the calendar', () => {
    expect(addDays('2026-10-31', 1)).to.equal('2026-11-01');
    expect(addDays('2026-11-01', 1)).to.equal('2026-11-02');
    expect(mondayOf('2026-11-29')).to.equal('2026-11-23');
    expect(mondayOf('2026-11-30')).to.equal('2026-11-30');
    expect(today(ZONE, Date.parse('2026-12-01T04:59:00Z'))).to.equal('2026-11-30');
  });

  it('takes for a day only what is one', () => {
    for (const text of ['2026-02-29', '2026-13-01', '26-11-30', '', '2026-11-30T00:00'])
      expect(isDay(text), text).to.equal(false);
    expect(isDay('2028-02-29')).to.equal(true);
  });
});

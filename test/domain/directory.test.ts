import { expect } from 'chai';
import { Directory } from '../../src/domain/directory.ts';
import type { Calendar } from '../../src/domain/schedule.ts';
import { CALENDARS, directory, entries } from '../support/clinic.ts';

const ids = (calendars: readonly Calendar[]): string[] => calendars.map((calendar) => calendar.externalId);

describe('the directory', () => {
  it('finds a schedule, a connection and a location by its id', () => {
    expect(directory.schedule('walk-in-here').capacity).to.equal(2);
    expect(directory.connection('west').title.fr).to.equal('west');
    expect(directory.location('here').name).to.equal('Ici');
    expect(directory.zoneOf('doctor-here')).to.equal('America/Toronto');
  });

  for (const kind of ['schedule', 'connection', 'location'] as const) {
    it(`throws on a ${kind} that it does not have, and names it`, () => {
      expect(() => directory[kind]('nobody')).to.throw(RangeError, `unknown ${kind}: nobody`);
    });
  }

  it('throws on the zone of a schedule at a place that it does not have', () => {
    const { schedules, ...rest } = entries();
    const lost = new Directory({
      ...rest,
      schedules: schedules.map((schedule) => ({ ...schedule, locationId: 'nowhere' })),
    });
    expect(() => lost.zoneOf('doctor-here')).to.throw(RangeError, 'unknown location: nowhere');
  });

  it('knows a calendar by its connection and its id there, and none that nobody linked', () => {
    expect(directory.calendar('east', 'e-doctor')?.scheduleId).to.equal('doctor-here');
    expect(directory.calendar('west', 'e-doctor')).to.equal(null);
    expect(directory.calendar('east', 'nobody')).to.equal(null);
  });

  it('counts one lane for a schedule that is configured no more: what was booked on it still takes time', () => {
    expect(['walk-in-here', 'doctor-here', 'gone'].map((id) => directory.capacityOf(id))).to.deep.equal([
      2, 1, 1,
    ]);
    expect(['walk-in-here', 'gone'].map((id) => directory.hasSchedule(id))).to.deep.equal([true, false]);
  });

  it('does not confuse two calendars whose connection and id read the same together', () => {
    const both = new Directory(
      entries([
        { connectionId: 'east', externalId: 'a', scheduleId: 'doctor-here', topology: 'block' },
        { connectionId: 'easta', externalId: '', scheduleId: 'walk-in-here', topology: 'block' },
      ]),
    );
    expect(both.calendar('east', 'a')?.scheduleId).to.equal('doctor-here');
    expect(both.calendar('easta', '')?.scheduleId).to.equal('walk-in-here');
  });

  it('knows every calendar of an actor, over all platforms and schedules', () => {
    expect(ids(directory.calendarsOf('doctor'))).to.deep.equal(['e-doctor', 'w-doctor']);
    expect(ids(directory.calendarsOf('walk-in'))).to.deep.equal(['e-walk-in']);
    expect(directory.calendarsOf('nobody')).to.deep.equal([]);
    const { schedules, ...rest } = entries([
      ...CALENDARS,
      { connectionId: 'west', externalId: 'w-second-place', scheduleId: 'doctor-there', topology: 'publish' },
    ]);
    const there = schedules.slice(0, 1).map((schedule) => ({ ...schedule, id: 'doctor-there' }));
    const wider = new Directory({ ...rest, schedules: [...schedules, ...there] });
    expect(ids(wider.calendarsOf('doctor'))).to.deep.equal(['e-doctor', 'w-doctor', 'w-second-place']);
  });

  it('knows every calendar of a connection', () => {
    expect(ids(directory.calendarsOn('east'))).to.deep.equal(['e-doctor', 'e-walk-in']);
    expect(directory.calendarsOn('nowhere')).to.deep.equal([]);
  });

  it('is not made of a calendar whose schedule is missing', () => {
    const lost: Calendar = { connectionId: 'east', externalId: 'x', scheduleId: 'gone', topology: 'block' };
    expect(() => new Directory(entries([lost]))).to.throw(RangeError, 'unknown schedule: gone');
  });
});

import { expect } from 'chai';
import { renderRosters } from '../../src/cli/roster.ts';
import type { RosterAnswer } from '../../src/cli/roster-answer.ts';

const START = '2026-11-24T14:00:00.000Z';
const END = '2026-11-24T15:30:00.000Z';
const time = { start: START, end: END };

const answer = (more: Partial<RosterAnswer['rosters'][number]> = {}): RosterAnswer => ({
  complete: true,
  rosters: [
    {
      ...{ schedule: 'dr-ici', practitioner: 'dr', location: 'ici', timeZone: 'America/Toronto' },
      ...{ published: time, shifts: 3, shiftMinutes: 630, coveredMinutes: 400 },
      gaps: { count: 1, items: [time] },
      phantoms: { count: 1, items: [{ ...time, slot: 's', cause: 'outside' }] },
      bookedOutside: { count: 1, items: [{ ...time, appointment: 'a', cause: 'withdrawn' }] },
      ...more,
    },
  ],
});

describe('passerelle roster', () => {
  it('shows what a patient may meet first, in the time of the place', () => {
    expect(renderRosters(answer(), 'en')).to.equal(
      [
        'SCHEDULE  PRACTITIONER  LOCATION  SHIFTS  HOURS  ON OFFER  SHARE  TO LOOK AT',
        'dr-ici    dr            ici            3   10.5       6.7   63 %           3',
        '',
        'dr-ici',
        '  BOOKED        Tue 24 Nov 09:00–10:30  its shift was withdrawn: Appointment/a',
        '  on offer      Tue 24 Nov 09:00–10:30  no shift was published',
        '  not on offer  Tue 24 Nov 09:00–10:30',
      ].join('\n'),
    );
  });

  it('says it in French', () => {
    const text = renderRosters(answer(), 'fr');
    expect(text).to.contain('10,5');
    expect(text).to.contain('RÉSERVÉ     mar. 24 nov. 9 h 00–10 h 30  le quart a été retiré : Appointment/a');
    expect(text).to.contain('non offert  mar. 24 nov. 9 h 00–10 h 30');
  });

  it('lists some, and says how many there are', () => {
    const items = Array.from({ length: 12 }, () => time);
    const text = renderRosters(answer({ gaps: { count: 300, items } }), 'en');
    expect(text.match(/not on offer/g)).to.have.length(10);
    expect(text).to.contain('and 290 more: --json has up to 500');
  });

  it('says that there is none, and that there are more', () => {
    expect(renderRosters({ rosters: [], complete: true }, 'fr')).to.equal(
      'aucun horaire n’est lié à une liste de quarts',
    );
    expect(renderRosters({ ...answer(), complete: false }, 'en')).to.contain('There are more');
  });
});

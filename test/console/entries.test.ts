import { expect } from 'chai';
import { bookable, entriesOf, isInFlight, listingState } from '../../console/src/agenda/entries.ts';
import type { Agenda, Listing, Period, Slot } from '../../console/src/agenda/model.ts';

const at = (clock: string): string => `2026-11-30T${clock}:00.000Z`;

const slot = (id: string, start: string, end: string, more: Partial<Slot> = {}): Slot => ({
  id,
  schedule: 'tremblay',
  connection: 'rvsq',
  start: at(start),
  end: at(end),
  status: 'free',
  withheld: false,
  bookableFrom: null,
  version: 1,
  listings: [],
  ...more,
});

const period = (id: string, start: string, end: string, more: Partial<Period> = {}): Period => ({
  id,
  schedule: 'tremblay',
  kind: 'appointment',
  start: at(start),
  end: at(end),
  lane: 0,
  origin: 'rvsq',
  reason: null,
  endedAt: null,
  status: 'booked',
  version: 1,
  slot: null,
  patient: null,
  comment: null,
  expiresAt: null,
  conflicts: [],
  canCancel: { can: true },
  canMove: { can: true },
  listings: [],
  ...more,
});

const listing = (state: Listing['state']): Listing => ({
  connection: 'bonjour-sante',
  schedule: 'tremblay',
  kind: 'block',
  wanted: 'closed',
  known: state === 'agrees' ? 'closed' : 'open',
  state,
  since: at('08:00'),
  differsSince: null,
  attempts: 0,
  nextAttemptAt: null,
  error: null,
  externalId: null,
});

const schedule = (id: string, practitionerId: string): Agenda['schedules'][number] => ({
  id,
  practitioner: { id: practitionerId, name: practitionerId },
  location: { id: 'parc', name: 'Parc' },
  service: { id: 'consultation', name: { fr: 'Consultation', en: 'Consultation' } },
  timeZone: 'America/Toronto',
  capacity: 1,
  onOffer: true,
  editedHere: false,
  calendars: [],
});

const agenda = (slots: Slot[], periods: Period[] = []): Agenda => ({
  at: at('08:00'),
  shows: { appointments: true, patients: true },
  schedules: [
    schedule('tremblay', 'dr-tremblay'),
    schedule('tremblay-2', 'dr-tremblay'),
    schedule('gagnon', 'dre-gagnon'),
  ],
  slots,
  periods,
});

const shown = new Set(['tremblay', 'gagnon']);
const told = (of: Agenda, columns = shown): string[] =>
  entriesOf(of, columns).map(({ schedule: column, kind, start, end }) =>
    [column, kind, start.slice(11, 16), end.slice(11, 16)].join(' '),
  );

describe('what the agenda shows', () => {
  it('shows the same hour of two platforms once, and hours that are not the same by themselves', () => {
    const both = agenda([
      slot('a', '14:00', '14:20'),
      slot('b', '14:00', '14:20', { connection: 'bonjour-sante' }),
      slot('c', '14:00', '14:15', { connection: 'bonjour-sante' }),
    ]);
    expect(told(both)).to.deep.equal(['tremblay free 14:00 14:15', 'tremblay free 14:00 14:20']);
    const [, merged] = entriesOf(both, shown);
    expect(merged?.slots.map(({ id }) => id)).to.deep.equal(['a', 'b']);
  });

  it('shows who takes the time in place of the slots that it takes', () => {
    const taken = agenda(
      [
        slot('a', '14:00', '14:20', { status: 'busy' }),
        slot('b', '14:00', '14:15', { status: 'busy', connection: 'bonjour-sante' }),
        slot('c', '14:15', '14:30', { status: 'busy', connection: 'bonjour-sante' }),
      ],
      [period('p', '14:00', '14:20')],
    );
    // The slot that reaches further than the booking is shown: its second half is not booked, but it is not free.
    expect(told(taken)).to.deep.equal(['tremblay appointment 14:00 14:20', 'tremblay taken 14:15 14:30']);
  });

  it('leaves the rest of an hour with several lanes on offer', () => {
    const open = agenda([slot('a', '14:00', '14:20')], [period('p', '14:00', '14:20')]);
    expect(told(open)).to.deep.equal(['tremblay free 14:00 14:20', 'tremblay appointment 14:00 14:20']);
  });

  it('tells what is only asked for, held, blocked and withheld from what is booked', () => {
    const all = agenda(
      [
        slot('a', '16:00', '16:20', { withheld: true }),
        slot('b', '17:00', '17:20', { bookableFrom: at('15:00') }),
      ],
      [
        period('p', '14:00', '14:20', { status: 'pending' }),
        period('h', '14:20', '14:40', { kind: 'hold', status: 'pending' }),
        period('b', '15:00', '16:00', { kind: 'block', status: null }),
        period('x', '18:00', '18:20', { endedAt: at('13:00') }),
      ],
    );
    expect(told(all)).to.deep.equal([
      'tremblay pending 14:00 14:20',
      'tremblay hold 14:20 14:40',
      'tremblay block 15:00 16:00',
      'tremblay withheld 16:00 16:20',
      'tremblay withheld 17:00 17:20',
    ]);
  });

  it('shows time that a doctor has given elsewhere where the doctor is shown', () => {
    const elsewhere = agenda([], [period('p', '14:00', '14:20', { schedule: 'tremblay-2' })]);
    expect(told(elsewhere)).to.deep.equal(['tremblay appointment 14:00 14:20']);
    expect(told(elsewhere, new Set(['gagnon']))).to.deep.equal([]);
    expect(told(elsewhere, new Set(['tremblay', 'tremblay-2']))).to.deep.equal([
      'tremblay-2 appointment 14:00 14:20',
    ]);
  });

  it('marks an open conflict, and not one that is settled', () => {
    const of = (state: 'open' | 'resolved') =>
      entriesOf(
        agenda([], [period('p', '14:00', '14:20', { conflicts: [{ id: 'c', with: 'q', state }] })]),
        shown,
      )[0];
    expect(of('open')).to.have.property('isConflict', true);
    expect(of('resolved')).to.have.property('isConflict', false);
  });

  it('has one sign for all platforms: the worst', () => {
    const of = (...states: Listing['state'][]) =>
      agenda([], [period('p', '14:00', '14:20', { listings: states.map(listing) })]);
    const sign = (...states: Listing['state'][]) => {
      const [entry] = entriesOf(of(...states), shown);
      return entry && listingState(entry);
    };
    expect(sign('agrees')).to.equal('agrees');
    expect(sign('agrees', 'asked')).to.equal('waiting');
    expect(sign('waiting', 'failing')).to.equal('failing');
    expect(isInFlight(of('agrees'))).to.equal(false);
    expect(isInFlight(of('agrees', 'unsure'))).to.equal(true);
  });

  it('books only what is free, released and nobody else’s to sell', () => {
    const slots = [
      slot('a', '14:00', '14:20'),
      slot('b', '14:20', '14:40', { status: 'busy' }),
      slot('c', '14:40', '15:00', { withheld: true }),
      slot('d', '15:00', '15:20', { bookableFrom: at('13:00') }),
    ];
    expect(bookable(slots).map(({ id }) => id)).to.deep.equal(['a']);
  });
});

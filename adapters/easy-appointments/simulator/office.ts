import { Temporal } from 'temporal-polyfill';
import type { Agenda } from '../../../src/adapter/simulator/agenda.ts';
import { personOf } from '../../../src/adapter/simulator/people.ts';
import type { SimReply } from '../../../src/adapter/simulator/router.ts';
import { readLocal, toLocal } from '../../../src/adapter/zone.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import { type Interval, interval, overlaps } from '../../../src/domain/interval.ts';
import type { Offer } from './platform.ts';

/** What an installation has besides its appointments: settings, services, customers, and how hours are worked out. */

export const SLOT_MINUTES = 20;

export const SERVICES = [
  {
    id: 1,
    name: 'Suivi régulier',
    duration: SLOT_MINUTES,
    price: 0,
    currency: '',
    description: '',
    location: '',
    availabilitiesType: 'fixed',
    attendantsNumber: 1,
    isPrivate: false,
    serviceCategoryId: null,
  },
  {
    id: 2,
    name: 'Atelier de groupe',
    duration: 60,
    price: 0,
    currency: '',
    description: '',
    location: '',
    availabilitiesType: 'fixed',
    attendantsNumber: 8,
    isPrivate: false,
    serviceCategoryId: null,
  },
] as const;

const WORK = { start: '09:00', end: '16:00', breaks: [{ start: '12:00', end: '13:00' }] };
const WORKING_PLAN = {
  monday: WORK,
  tuesday: WORK,
  wednesday: WORK,
  thursday: WORK,
  friday: WORK,
  saturday: null,
  sunday: null,
};

export type Customer = {
  readonly id: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string | null;
  readonly phone: string;
};
export type BlockedPeriod = { id: number; name: string; start: string; end: string; notes: string | null };

/** Kept in memory only, and as long as the simulator. */
export class Office {
  readonly customers: Customer[] = [];
  readonly blockedPeriods: BlockedPeriod[] = [];
  readonly settings = new Map<string, string>([
    ['company_name', 'Clinique fictive du Vieux-Moulin'],
    ['book_advance_timeout', '0'],
    ['require_first_name', '1'],
    ['require_last_name', '1'],
    ['require_email', '1'],
    ['require_phone_number', '1'],
  ]);
  readonly visits = new Map<string, { serviceId: number; customerId: number }>();
  #ordinal = 1_000;

  next(): number {
    this.#ordinal += 1;
    return this.#ordinal;
  }
}

/** A local time of the API, which has no offset: of one that happens twice, both halves are taken. */
export function timeOf({ start, end }: { start: string; end: string }, zone: string): Interval {
  const from = readLocal(start.replace(' ', 'T'), zone);
  const until = readLocal(end.replace(' ', 'T'), zone);
  return interval(from.at, until.kind === 'repeated' ? until.second : until.at);
}

export const localOf = (at: Instant, zone: string): string => toLocal(at, zone).replace('T', ' ');

/** Days from today on which there is work, as the setting says it. */
export function futureDays<Offer>(agenda: Agenda<Offer>): number {
  const today = Temporal.Instant.fromEpochMilliseconds(agenda.clock.now())
    .toZonedDateTimeISO(agenda.zone)
    .toPlainDate();
  const last = agenda.calendars.reduce(
    (latest, { through }) => (through && through > latest ? through : latest),
    today.toString(),
  );
  return today.until(Temporal.PlainDate.from(last)).days;
}

/**
 * The hours of a day at which a visit may begin: the working plan without its breaks and without all that is taken, each
 * stretch of what is left cut from its own beginning.
 */
export function availableHours<Offer>(
  agenda: Agenda<Offer>,
  office: Office,
  calendar: string,
  date: Temporal.PlainDate,
  duration: number,
): string[] {
  const { zone } = agenda;
  if (date.dayOfWeek > 5) return [];
  const at = (time: string) => timeOf({ start: `${date} ${time}`, end: `${date} 23:59` }, zone).start;
  const taken = [
    ...agenda.busy(calendar).map((busy) => busy.interval),
    ...office.blockedPeriods.map((period) => timeOf(period, zone)),
  ];
  const hours: string[] = [];
  for (const [from, to] of [
    [WORK.start, '12:00'],
    ['13:00', WORK.end],
  ] as const) {
    for (const free of without(interval(at(from), at(to)), taken)) {
      for (
        let start = free.start;
        start + duration * 60_000 <= free.end;
        start = (start + duration * 60_000) as Instant
      ) {
        hours.push(localOf(start, zone).slice(11, 16));
      }
    }
  }
  const notice = Number(office.settings.get('book_advance_timeout')) * 60_000;
  return hours.filter((hour) => at(hour) > agenda.clock.now() + notice).sort();
}

function without(from: Interval, taken: readonly Interval[]): Interval[] {
  let left = [from];
  for (const cut of taken.filter((each) => overlaps(each, from))) {
    left = left.flatMap((each) =>
      overlaps(each, cut)
        ? [
            ...(each.start < cut.start ? [interval(each.start, cut.start)] : []),
            ...(cut.end < each.end ? [interval(cut.end, each.end)] : []),
          ]
        : [each],
    );
  }
  return left;
}

export type World = { readonly agenda: Agenda<Offer>; readonly office: Office };

export const problem = (message: string): SimReply => ({
  status: 500,
  body: { success: false, message, trace: [] },
});

export const providersOf = ({ agenda }: World) =>
  agenda.calendars.map(({ id, actor }) => ({
    id: Number(id),
    firstName: [personOf(actor).title, personOf(actor).given].join(' ').trim(),
    lastName: personOf(actor).family,
    email: `${actor}@clinique.invalid`,
    timezone: agenda.zone,
    isPrivate: false,
    services: SERVICES.map((service) => service.id),
    settings: { username: actor, workingPlan: WORKING_PLAN, workingPlanExceptions: [] },
  }));

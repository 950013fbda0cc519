import { Temporal } from 'temporal-polyfill';
import { DAY, earlier, type Instant, plus } from '../../domain/instant.ts';
import { type Interval, interval } from '../../domain/interval.ts';
import { fromLocal } from '../zone.ts';
import { type Agenda, SIMULATED_ZONE } from './agenda.ts';
import type { SimulatedPlatform } from './platform.ts';
import { seededRandom, weighted } from './random.ts';

/** Made-up agendas: weekdays, 09:00–12:00 and 13:00–16:00 local, the same for the same seed. */

const SESSIONS = [
  { from: '09:00', to: '12:00' },
  { from: '13:00', to: '16:00' },
] as const;

/** Made-up doctors; the words are the same on every simulator of a demonstration. */
const ACTORS = [
  'tremblay',
  'gagnon',
  'roy',
  'cote',
  'bouchard',
  'gauthier',
  'morin',
  'lavoie',
  'fortin',
  'gagne',
];

/** The list as given, or the first so many of the made-up doctors: `dr-tremblay` … `dr-gagne`, `dr-tremblay-2` … */
export function actorsOf(actors: readonly string[] | number): readonly string[] {
  if (typeof actors !== 'number') return actors;
  return Array.from({ length: actors }, (_, index) => {
    const round = Math.floor(index / ACTORS.length);
    return `dr-${ACTORS[index % ACTORS.length]}${round === 0 ? '' : `-${round + 1}`}`;
  });
}

export type DayPlan<Offer> = {
  readonly slots: readonly { readonly interval: Interval; readonly offer: Offer }[];
  readonly lunch: Interval | null;
};

/**
 * One day of one actor. Its dice are its own, so that a day comes out the same whichever days were made before it.
 * @param date ISO date, local. @param knownSince no slot is on offer since later than that.
 */
export function planDay<Offer>(
  platform: Pick<SimulatedPlatform<Offer>, 'slotMinutes' | 'offer'>,
  seed: string,
  actor: string,
  date: string,
  knownSince: Instant,
  zone: string = SIMULATED_ZONE,
): DayPlan<Offer> {
  const random = seededRandom(`${seed} ${actor} ${date}`);
  const slots: { interval: Interval; offer: Offer }[] = [];
  for (const { from, to } of SESSIONS) {
    const end = fromLocal(`${date}T${to}`, zone);
    const step = platform.slotMinutes * 60_000;
    for (let start = fromLocal(`${date}T${from}`, zone); start + step <= end; start = plus(start, step)) {
      const daysAhead = weighted(random, [
        [2, 28],
        [2, 14],
        [1, 7],
        [1, 2],
      ] as const);
      const since = earlier(plus(start, -daysAhead * DAY), knownSince);
      slots.push({ interval: interval(start, plus(start, step)), offer: platform.offer(random, since) });
    }
  }
  const lunch =
    random.next() < 0.4 ? interval(fromLocal(`${date}T12:00`, zone), fromLocal(`${date}T13:00`, zone)) : null;
  return { slots, lunch };
}

/** Fills every actor's agenda from the day after its last filled one, or today, to `days` days from today. */
export function fillDays<Offer>(
  agenda: Agenda<Offer>,
  platform: SimulatedPlatform<Offer>,
  actors: readonly string[],
  days: number,
): void {
  const now = agenda.clock.now();
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(agenda.zone).toPlainDate();
  const last = today.add({ days: days - 1 });
  const known = agenda.calendars.map(({ actor }) => actor);
  for (const actor of new Set([...known, ...actors])) {
    const calendar = platform.calendarOf(actor);
    const through = agenda.calendars.find(({ id }) => id === calendar)?.through ?? null;
    let day = through === null ? today : Temporal.PlainDate.from(through).add({ days: 1 });
    if (Temporal.PlainDate.compare(day, today) < 0) day = today;
    for (; Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 })) {
      if (day.dayOfWeek > 5) continue;
      const plan = planDay(platform, agenda.seed, actor, day.toString(), now, agenda.zone);
      for (const { interval: time, offer } of plan.slots) agenda.offer(calendar, time, offer, null);
      if (plan.lunch && platform.hasBlocks !== false) agenda.block(calendar, plan.lunch, null);
    }
    const filled = through !== null && through > last.toString() ? through : last.toString();
    agenda.putCalendar({ id: calendar, actor, through: filled });
  }
}

import { Agenda, emptyState } from '../../../src/adapter/simulator/agenda.ts';
import { systemClock } from '../../../src/adapter/simulator/system-clock.ts';
import { toOffset } from '../../../src/adapter/zone.ts';
import { freeSlots } from '../../../src/conformance/free-slots.ts';
import { mapsOf } from '../../../src/conformance/simulator-target.ts';
import { type Bench, type PlatformTarget, type Raw, SECRET } from '../../../src/conformance/target.ts';
import { DAY, HOUR, type Instant, instant, MINUTE, plus } from '../../../src/domain/instant.ts';
import { type Interval, interval, sameInterval } from '../../../src/domain/interval.ts';
import adapter from '../adapter.ts';

/** A screen, and a person before it: an agenda that is shown as a table and changed by hand, and nothing that could be called. */

const CALENDAR = 't1';
const NAME = 'Dre Tremblay';
const DAYS = 20;
const SLOT_MINUTES = 20;
const WORDS = { free: 'libre', held: 'réservé', busy: 'réservé', blocked: 'bloqué' } as const;

export const screenTarget: PlatformTarget = {
  adapter,
  name: 'simulator',
  stage: 'simulator',
  open: ({ zone }) => openBench(zone),
};

async function openBench(zone: string): Promise<Bench> {
  const agenda = new Agenda<null>(emptyState<null>('screen'), {
    clock: systemClock,
    zone,
    idOf: (kind, ordinal) => `${kind}-${ordinal}`,
  });
  agenda.putCalendar({ id: CALENDAR, actor: CALENDAR, through: null });
  for (const start of slotStarts(agenda.clock.now()))
    agenda.offer(CALENDAR, interval(start, plus(start, SLOT_MINUTES * MINUTE)), null, null);
  const { maps, emptyMaps } = await mapsOf('manual');

  const raw = async (): Promise<Raw> => ({
    slots: agenda
      .slots(CALENDAR)
      .map((slot) => ({ id: slot.id, interval: slot.interval, status: agenda.stateOf(slot) })),
    periods: agenda.busy(CALENDAR).map((each) => ({
      id: each.id,
      kind: each.kind === 'block' ? 'blocked' : 'booked',
      interval: each.interval,
      reference: each.reference,
    })),
  });
  const taking = { calendar: CALENDAR, reference: null, slotId: null, expiresAt: null };
  return {
    baseUrl: 'http://127.0.0.1:9',
    settings: () => ({ title: 'Accueil', names: { [CALENDAR]: NAME } }),
    expired: null,
    maps,
    emptyMaps,
    calendar: CALENDAR,
    zone,
    raw,
    freeTimes: async () => freeSlots(await raw()).map((time) => ({ ...time, slot: null })),
    patientBooks: async (time) => agenda.reserve({ ...taking, interval: time.interval })?.id ?? null,
    patientCancels: async (id) => {
      const found = agenda.busy(CALENDAR).find((each) => each.id === id);
      if (!found) throw new Error(`there is no ${id}`);
      agenda.remove(found);
    },
    staffBooks: async (time) => agenda.take({ ...taking, interval: time }).id,
    tamper: null,
    pointWebhook: null,
    person: {
      calendarName: NAME,
      badLine: `${SECRET};2026-11-24;réservé`,
      copies: async () => screenOf(await raw(), zone),
      does: async (operation, time) => does(agenda, operation, time),
    },
    close: async () => undefined,
  };
}

/** What is booked or blocked at another time than a slot's has a line of its own. */
function screenOf({ slots, periods }: Raw, zone: string): string {
  const others = periods.filter(
    (period) => !slots.some((slot) => sameInterval(slot.interval, period.interval)),
  );
  const lines = [
    ...slots.map(({ interval: time, status }) => [time, WORDS[status]] as const),
    ...others.map(
      ({ interval: time, kind }) => [time, kind === 'blocked' ? WORDS.blocked : WORDS.busy] as const,
    ),
  ];
  return [
    'début;fin;statut',
    ...lines.map(([{ start, end }, word]) => `${toOffset(start, zone)};${toOffset(end, zone)};${word}`),
  ].join('\n');
}

function does(agenda: Agenda<null>, operation: string, time: Interval): void {
  if (operation === 'block') agenda.block(CALENDAR, time, null);
  else if (operation === 'publish') agenda.offer(CALENDAR, time, null, null);
  else {
    const standing = operation === 'withdraw' ? agenda.slots(CALENDAR) : agenda.busy(CALENDAR);
    const found = standing.find((each) => sameInterval(each.interval, time));
    if (!found) throw new Error('there is nothing at that time');
    agenda.remove(found);
  }
}

/** From the next hour but one, and never at night. */
function slotStarts(now: Instant): Instant[] {
  const first = Math.ceil(now / HOUR) * HOUR + HOUR;
  const starts = Array.from({ length: (DAYS * DAY) / (SLOT_MINUTES * MINUTE) }, (_, index) =>
    instant(first + index * SLOT_MINUTES * MINUTE),
  );
  return starts.filter((start) => new Date(start).getUTCHours() >= 14 && new Date(start).getUTCHours() < 21);
}

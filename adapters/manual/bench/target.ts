import { Agenda, emptyState } from '../../../src/adapter/simulator/agenda.ts';
import { systemClock } from '../../../src/adapter/simulator/system-clock.ts';
import { toOffset } from '../../../src/adapter/zone.ts';
import { agendaHands } from '../../../src/conformance/agenda-hands.ts';
import { mapsOf } from '../../../src/conformance/simulator-target.ts';
import { type Bench, type PlatformTarget, type Raw, SECRET } from '../../../src/conformance/target.ts';
import { type Interval, sameInterval } from '../../../src/domain/interval.ts';
import adapter from '../adapter.ts';

/** A screen, and a person before it: an agenda that is shown as a table and changed by hand, and nothing that could be called. */

const CALENDAR = 't1';
const NAME = 'Dre Tremblay';
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
  const hands = agendaHands(agenda, CALENDAR);
  const { maps, emptyMaps } = await mapsOf('manual');

  return {
    baseUrl: 'http://127.0.0.1:9',
    settings: () => ({ title: 'Accueil', names: { [CALENDAR]: NAME } }),
    expired: null,
    maps,
    emptyMaps,
    ...hands,
    zone,
    tamper: null,
    pointWebhook: null,
    person: {
      calendarName: NAME,
      badLine: `${SECRET};2026-11-24;réservé`,
      copies: async () => screenOf(await hands.raw(), zone),
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

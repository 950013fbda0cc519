import { z } from 'zod';
import type { Agenda } from '../../src/adapter/simulator/agenda.ts';
import type { SimulatedPlatform } from '../../src/adapter/simulator/platform.ts';
import { createRouter, type SimReply, type SimRequest } from '../../src/adapter/simulator/router.ts';
import { type SimulatorOptions, startPlatform } from '../../src/adapter/simulator/server.ts';
import { toLocal } from '../../src/adapter/zone.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';
import { sameInterval } from '../../src/domain/interval.ts';

/** The vendor of examples/low-code/openings.yaml: a grid in local times, and the visits that stand outside of it. */

export const OPENINGS_KEY = 'key-of-the-openings';

const GRID_ROWS = 100;
const VISITS = 2;

const STATES = { free: 'O', busy: 'B', held: 'H', blocked: 'X' } as const;

const Offer = z.object({});
type Offer = z.output<typeof Offer>;

const grid = (agenda: Agenda<Offer>, calendar: string, page: number): SimReply => ({
  status: 200,
  body: {
    grid: agenda
      .slots(calendar)
      .slice((page - 1) * GRID_ROWS, page * GRID_ROWS)
      .map((slot) => {
        const { start, end } = slot.interval;
        const [date = '', time = ''] = toLocal(start, agenda.zone).split('T');
        return {
          number: slot.ordinal,
          date: date.split('-').reverse().join('/'),
          time: time.slice(0, 5),
          length: (end - start) / MINUTE,
          state: STATES[agenda.stateOf(slot)],
        };
      }),
  },
});

function visits(agenda: Agenda<Offer>, calendar: string, after: number): SimReply {
  const slots = agenda.slots(calendar);
  const outside = agenda
    .busy(calendar)
    .filter((busy) => !slots.some((slot) => sameInterval(slot.interval, busy.interval)));
  const page = outside.slice(after, after + VISITS);
  const next = after + page.length;
  return {
    status: 200,
    headers: {
      link:
        next < outside.length
          ? `</doctors/${calendar}/visits?after=0>; rel="first", </doctors/${calendar}/visits?after=${next}>; rel="next"`
          : `</doctors/${calendar}/visits?after=0>; rel="first"`,
    },
    body: page.map(({ id, interval: { start, end } }) => ({
      id,
      status: 'planned',
      begins: start / SECOND,
      ends: end / SECOND,
    })),
  };
}

function handle(agenda: Agenda<Offer>, request: SimRequest): SimReply {
  if (request.query.get('key') !== OPENINGS_KEY) return { status: 401 };
  const number = (name: string, otherwise: number): number => Number(request.query.get(name) ?? otherwise);
  return createRouter({
    'GET /hello': () => ({ status: 200, body: {} }),
    'GET /doctors/:id/grid': (_, [id = '']) => grid(agenda, id, number('page', 1)),
    'GET /doctors/:id/visits': (_, [id = '']) => visits(agenda, id, number('after', 0)),
  })(request);
}

const openings: SimulatedPlatform<Offer> = {
  id: 'openings',
  slotMinutes: 20,
  calendarOf: (actor) => actor,
  idOf: (kind, ordinal) => `${kind}-${ordinal}`,
  offer: () => ({}),
  offerSchema: Offer,
  handle,
};

export const startOpenings = (options: SimulatorOptions) => startPlatform(openings, options);

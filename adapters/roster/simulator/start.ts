import { createHash } from 'node:crypto';
import { z } from 'zod';
import { FaultPlan, NO_FAULTS } from '../../../src/adapter/simulator/fault-plan.ts';
import { createGate, type Outcome } from '../../../src/adapter/simulator/gate.ts';
import { actorsOf } from '../../../src/adapter/simulator/generate.ts';
import { listen } from '../../../src/adapter/simulator/listener.ts';
import { seededRandom } from '../../../src/adapter/simulator/random.ts';
import {
  createRouter,
  type SimReply,
  type SimRequest,
  withBody,
} from '../../../src/adapter/simulator/router.ts';
import type { Simulator, SimulatorOptions } from '../../../src/adapter/simulator/server.ts';
import { systemClock } from '../../../src/adapter/simulator/system-clock.ts';
import { formatInstant, parseInstant } from '../../../src/domain/instant.ts';
import { type Interval, interval } from '../../../src/domain/interval.ts';
import { csvOf, icsOf, jsonOf } from './formats.ts';
import { type PlannedShift, Rosters } from './rosters.ts';

/** A roster that is published at three addresses, with the control API of the other simulators in the words of shifts. */

/** Made up. */
export const USERNAME = 'clinique';
export const PASSWORD = 'mot-de-passe-fictif';
const BASIC = `Basic ${Buffer.from(`${USERNAME}:${PASSWORD}`).toString('base64')}`;

export type RosterSimulator = Pick<Simulator, 'url' | 'close'> & { readonly rosters: Rosters };

const Time = z.iso.datetime({ offset: true }).transform(parseInstant);
const Times = z
  .object({ start: Time, end: Time })
  .refine(({ start, end }) => start < end, { error: 'ends before it begins' });
const Planned = z
  .object({ practitioner: z.string().min(1), place: z.string().default('Clinique fictive') })
  .extend({ task: z.string().default('rendez-vous') });
const Added = z.intersection(Planned, Times);
const Changed = z.intersection(Planned.partial(), z.union([Times, z.object({})]));
const Actors = z.union([z.array(z.string().min(1)).min(1), z.int().min(1).max(10_000)]);
const Reset = z.object({ actors: Actors.default(2), days: z.int().min(1).max(400).default(14) });

const LOG_ENTRIES_MAX = 10_000;

/** @throws Error when the port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RosterSimulator> {
  const { clock = systemClock, zone = 'America/Toronto', seed = 1, actors = 2, days = 14 } = options;
  const rosters = new Rosters(zone, clock);
  rosters.fill(actorsOf(actors), days);
  let faults = NO_FAULTS;
  const log: object[] = [];
  const gate = createGate(() => faults, clock, seededRandom(`faults ${seed}`));
  const published = publication(rosters);
  const control = createRouter({
    ...shiftRoutes(rosters),
    'PUT /_sim/faults': ({ body }) =>
      withBody(FaultPlan, body, (plan) => {
        faults = plan;
        return { status: 200, body: plan };
      }),
    'GET /_sim/log': () => ({ status: 200, body: log }),
    'POST /_sim/reset': ({ body }) =>
      withBody(Reset, body ?? {}, (wanted) => {
        rosters.fill(actorsOf(wanted.actors), wanted.days);
        log.length = 0;
        return { status: 200, body: { shifts: rosters.shifts.length } };
      }),
  });
  const answer = async (request: SimRequest, target: string): Promise<Outcome> => {
    if (request.path.startsWith('/_sim/')) return control(request);
    const outcome = await gate(request, () => published(request));
    const status = outcome === 'lost' ? null : outcome.status;
    log.push({ time: formatInstant(clock.now()), method: request.method, path: target, status });
    if (log.length > LOG_ENTRIES_MAX) log.splice(0, LOG_ENTRIES_MAX / 2);
    return outcome;
  };
  const { url, close } = await listen(options.port ?? 0, options.host ?? '127.0.0.1', answer);
  return { url, close, rosters };
}

/** `GET /roster.json`, `/roster.csv`, `/roster/<practitioner>.ics`, each with an entity tag. */
function publication(rosters: Rosters): (request: SimRequest) => SimReply {
  const routes = createRouter({
    'GET /roster.json': (request) => document(request, 'application/json', jsonOf(rosters)),
    'GET /roster.csv': (request) => document(request, 'text/csv; charset=utf-8', csvOf(rosters)),
    'GET /roster/:feed': (request, [feed = '']) =>
      feed.endsWith('.ics')
        ? document(request, 'text/calendar; charset=utf-8', icsOf(rosters, feed.slice(0, -'.ics'.length)))
        : { status: 404 },
  });
  return (request) =>
    request.headers['authorization'] === BASIC
      ? routes(request)
      : { status: 401, headers: { 'www-authenticate': 'Basic realm="roster"' } };
}

/** RFC 9110, 13.1.2. */
function document({ headers }: SimRequest, type: string, text: string): SimReply {
  const etag = `"${createHash('sha256').update(text).digest('hex').slice(0, 16)}"`;
  if (headers['if-none-match'] === etag) return { status: 304, headers: { etag } };
  return { status: 200, text, headers: { etag, 'content-type': type } };
}

/** Who plans it. */
const shiftRoutes = (rosters: Rosters) => ({
  'GET /_sim/shifts': (): SimReply => ({
    status: 200,
    body: rosters.shifts.map((shift) => ({ ...shift, ...times(shift.interval), interval: undefined })),
  }),
  'POST /_sim/shifts': ({ body }: SimRequest): SimReply =>
    withBody(Added, body, ({ start, end, ...planned }) => {
      const { id } = rosters.add({ ...planned, interval: interval(start, end) });
      return { status: 201, body: { id } };
    }),
  'PUT /_sim/shifts/:id': ({ body }: SimRequest, [id = '']: readonly string[]): SimReply =>
    withBody(Changed, body, (wanted) => ({ status: rosters.change(id, changeOf(wanted)) ? 204 : 404 })),
  'DELETE /_sim/shifts/:id': (_: SimRequest, [id = '']: readonly string[]): SimReply => ({
    status: rosters.remove(id) ? 204 : 404,
  }),
  'PUT /_sim/period': ({ body }: SimRequest): SimReply =>
    withBody(Times.nullable(), body ?? null, (wanted) => {
      rosters.publishOnly(wanted && interval(wanted.start, wanted.end));
      return { status: 204 };
    }),
});

function changeOf({ practitioner, place, task, ...times }: z.output<typeof Changed>): Partial<PlannedShift> {
  return {
    ...(practitioner === undefined ? {} : { practitioner }),
    ...(place === undefined ? {} : { place }),
    ...(task === undefined ? {} : { task }),
    ...('start' in times ? { interval: interval(times.start, times.end) } : {}),
  };
}

const times = ({ start, end }: Interval) => ({ start: formatInstant(start), end: formatInstant(end) });

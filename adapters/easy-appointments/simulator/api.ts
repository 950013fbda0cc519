import { Temporal } from 'temporal-polyfill';
import type { Agenda } from '../../../src/adapter/simulator/agenda.ts';
import {
  createRouter,
  type Routes,
  type SimReply,
  type SimRequest,
} from '../../../src/adapter/simulator/router.ts';
import { availableHours, futureDays, Office, problem, SERVICES, type World } from './office.ts';
import type { Offer } from './platform.ts';
import { changes, lists } from './records.ts';

/**
 * API v1 of Easy!Appointments 1.5 on a simulated agenda, by its openapi.yml and its documentation. As the platform does, it
 * checks no overlap on what it is given, knows no changes since, and answers every error with HTTP 500 and a sentence.
 */

type Administrator = { readonly username: string; readonly password: string };

export function createApi(
  token: string,
  { username, password }: Administrator,
): (agenda: Agenda<Offer>, request: SimRequest) => SimReply {
  const accepted = new Set([
    `Bearer ${token}`,
    `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
  ]);
  // One installation for each agenda, which lives as long as its simulator.
  const installed = new WeakMap<Agenda<Offer>, (request: SimRequest) => SimReply>();
  return (agenda, request) => {
    if (!accepted.has(request.headers['authorization'] ?? '')) {
      return { status: 401, headers: { 'www-authenticate': 'Basic realm="Easy!Appointments"' } };
    }
    let router = installed.get(agenda);
    if (!router) {
      const world = { agenda, office: new Office() };
      router = createRouter({
        ...settings(world),
        ...availabilities(world),
        ...lists(world),
        ...changes(world),
      });
      installed.set(agenda, router);
    }
    try {
      return router(request);
    } catch (error) {
      return problem(error instanceof Error ? error.message : 'An error occurred.');
    }
  };
}

function settings({ agenda, office }: World): Routes {
  const value = (name: string) =>
    office.settings.get(name) ?? (name === 'future_booking_limit' ? String(futureDays(agenda)) : null);
  return {
    'GET /api/v1/settings/:name': (_, [name = '']) => ({ status: 200, body: { name, value: value(name) } }),
    'PUT /api/v1/settings/:name': ({ body }, [name = '']) => {
      const wanted = (body as { value?: unknown } | undefined)?.value;
      office.settings.set(name, String(wanted));
      return { status: 200, body: { name, value: value(name) } };
    },
  };
}

function availabilities({ agenda, office }: World): Routes {
  return {
    'GET /api/v1/availabilities': ({ query }) => {
      const service = SERVICES.find(({ id }) => String(id) === query.get('serviceId'));
      const provider = agenda.calendars.find(({ id }) => id === query.get('providerId'));
      if (!service) return problem('The provided service ID was not found in the database.');
      if (!provider) return problem('The provided provider ID was not found in the database.');
      const date = Temporal.PlainDate.from(query.get('date') ?? '');
      return { status: 200, body: availableHours(agenda, office, provider.id, date, service.duration) };
    },
  };
}

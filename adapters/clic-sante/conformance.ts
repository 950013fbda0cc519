import { type SimulatorTarget, simulatorTarget } from '../../src/conformance/simulator-target.ts';
import { type PlatformTarget, type Raw, SECRET } from '../../src/conformance/target.ts';
import adapter from './adapter.ts';
import { ESTABLISHMENT, PASSWORD, SERVICES, TOKEN, USERNAME } from './simulator/establishment.ts';
import { clicSante } from './simulator/platform.ts';
import { startSimulator } from './simulator/start.ts';

/** What the suite is run on. */

const settings = (baseUrl: string, password: string) => ({
  ...{ baseUrl, username: USERNAME, password, establishment: ESTABLISHMENT, services: [...SERVICES] },
  appointments: { baseUrl: `${baseUrl}/fhir`, token: TOKEN, calendar: clicSante.calendarOf('dr-tremblay') },
});

export const simulator: SimulatorTarget = {
  adapter,
  start: startSimulator,
  settings: (baseUrl) => settings(baseUrl, PASSWORD),
  expired: (baseUrl) => settings(baseUrl, 'expired'),
  addMalformed: (body) => {
    const json: unknown = JSON.parse(body);
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return body;
    const resources = [{ resourceType: 'Appointment', id: 'x', status: SECRET, start: SECRET }, 12, null];
    const entry: unknown = Reflect.get(json, 'entry');
    if (Array.isArray(entry)) {
      return JSON.stringify({ ...json, entry: [...resources.map((resource) => ({ resource })), ...entry] });
    }
    const times: unknown = Reflect.get(json, 'availabilities');
    if (!Array.isArray(times) || typeof times[0] === 'string') return body;
    return JSON.stringify({ availabilities: [{ id: SECRET.repeat(9), start: SECRET }, 12, null, ...times] });
  },
  webhookSecret: null,
};

/** It shows what is free and who is booked, and nothing else: a time that is closed is one that is not shown. */
const shownOf = ({ slots, periods }: Raw): Raw => ({
  slots: slots.filter(({ status }) => status === 'free'),
  periods: periods.filter(({ kind }) => kind === 'booked'),
});

const whole = simulatorTarget(simulator);

export const target: PlatformTarget = {
  ...whole,
  open: async (options) => {
    const bench = await whole.open(options);
    const { raw } = bench;
    return { ...bench, raw: raw && (async () => shownOf(await raw())) };
  },
};

export default [target];

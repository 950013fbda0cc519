import { type SimulatorTarget, simulatorTarget } from '../../src/conformance/simulator-target.ts';
import { SECRET } from '../../src/conformance/target.ts';
import adapter from './adapter.ts';
import { SIMULATOR_USER, WORLD } from './simulator/platform.ts';
import { startSimulator } from './simulator/start.ts';
import { Rows } from './wire.ts';

/** What the suite is run on. */

const settings = (baseUrl: string) => ({
  baseUrl: `${baseUrl}/openmrs`,
  ...SIMULATOR_USER,
  ...WORLD,
  // As far ahead as the simulator has slots.
  slotDays: 35,
});

export const simulator: SimulatorTarget = {
  adapter,
  start: startSimulator,
  settings,
  expired: (baseUrl) => ({ ...settings(baseUrl), password: 'expired' }),
  addMalformed: (body) => {
    const rows = Rows.safeParse(JSON.parse(body));
    if (!rows.success) return body;
    const malformed = {
      uuid: 'x',
      status: SECRET,
      startDateTime: SECRET,
      startDate: SECRET,
      comments: SECRET,
    };
    return JSON.stringify([malformed, 12, null, ...rows.data]);
  },
  webhookSecret: null,
  // It is searched, and asked for conflicts, by POST.
  isWrite: ({ method, path }) => method === 'POST' && !/\/(?:search|conflicts)$/.test(path),
};

export default [simulatorTarget(simulator)];

import { type SimulatorTarget, simulatorTarget } from '../../src/conformance/simulator-target.ts';
import { SECRET } from '../../src/conformance/target.ts';
import adapter from './adapter.ts';
import { PLACEHOLDER, SIMULATOR_ADDRESS, SIMULATOR_CREDENTIALS } from './simulator/platform.ts';
import { startSimulator } from './simulator/start.ts';
import { DayList } from './wire.ts';

/** What the suite is run on. */

const settings = (baseUrl: string) => ({
  baseUrl: `${baseUrl}${new URL(SIMULATOR_ADDRESS).pathname}`,
  signedBaseUrl: SIMULATOR_ADDRESS,
  ...SIMULATOR_CREDENTIALS,
  placeholderDemographicNo: PLACEHOLDER,
  // As far ahead as the simulator has slots.
  lookupDays: 36,
});

export const simulator: SimulatorTarget = {
  adapter,
  start: startSimulator,
  settings,
  expired: (baseUrl) => ({ ...settings(baseUrl), tokenSecret: 'expired' }),
  addMalformed: (body) => {
    const list = DayList.safeParse(JSON.parse(body));
    if (!list.success) return body;
    const malformed = { appointmentNo: 1, name: SECRET, startTime: SECRET, duration: SECRET, notes: SECRET };
    return JSON.stringify({ patients: [malformed, 12, null, ...list.data.patients] });
  },
  webhookSecret: null,
  hidesSlots: true,
};

export default [simulatorTarget(simulator)];

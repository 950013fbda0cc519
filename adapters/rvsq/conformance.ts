import { type SimulatorTarget, simulatorTarget } from '../../src/conformance/simulator-target.ts';
import { SECRET } from '../../src/conformance/target.ts';
import adapter from './adapter.ts';
import { SIMULATOR_KEY } from './simulator/platform.ts';
import { startSimulator } from './simulator/start.ts';
import { RecordPage } from './wire.ts';

/** What the suite is run on. */

export const simulator: SimulatorTarget = {
  adapter,
  start: startSimulator,
  settings: (baseUrl) => ({ baseUrl, apiKey: SIMULATOR_KEY }),
  expired: (baseUrl) => ({ baseUrl, apiKey: 'expired' }),
  addMalformed: (body) => {
    const page = RecordPage.safeParse(JSON.parse(body));
    if (!page.success) return body;
    const malformed = { type: 'activity', id: 'x', professionalId: SECRET, date: SECRET, dateUtc: SECRET };
    return JSON.stringify({ ...page.data, records: [malformed, 12, null, ...page.data.records] });
  },
  webhookSecret: null,
};

export default [simulatorTarget(simulator)];

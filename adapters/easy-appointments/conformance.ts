import { z } from 'zod';
import { type SimulatorTarget, simulatorTarget } from '../../src/conformance/simulator-target.ts';
import { SECRET } from '../../src/conformance/target.ts';
import adapter from './adapter.ts';
import { SIMULATOR_TOKEN } from './simulator/platform.ts';
import { startSimulator } from './simulator/start.ts';

/** What the suite is run on. */

const webhookSecret = 'a-secret-of-the-suite';
const Busy = z.array(z.looseObject({ start: z.string(), notes: z.string().nullable() })).min(1);

export const simulator: SimulatorTarget = {
  adapter,
  start: startSimulator,
  settings: (baseUrl) => ({ baseUrl, apiToken: SIMULATOR_TOKEN, serviceIds: [1], webhookSecret }),
  expired: (baseUrl) => ({ baseUrl, apiToken: 'expired', serviceIds: [1], webhookSecret }),
  addMalformed: (body) => {
    const rows = Busy.safeParse(JSON.parse(body));
    if (!rows.success) return body;
    const malformed = { id: 'x', start: SECRET, end: SECRET, notes: SECRET, providerId: SECRET };
    return JSON.stringify([malformed, 12, null, ...rows.data]);
  },
  webhookSecret,
};

export default [simulatorTarget(simulator)];

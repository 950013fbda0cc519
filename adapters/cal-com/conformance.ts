import { z } from 'zod';
import { type SimulatorTarget, simulatorTarget } from '../../src/conformance/simulator-target.ts';
import { SECRET } from '../../src/conformance/target.ts';
import adapter from './adapter.ts';
import { eventTypeId } from './simulator/house.ts';
import { numberOf, SIMULATOR_KEY } from './simulator/platform.ts';
import { startSimulator } from './simulator/start.ts';

/** What the suite is run on. */

const webhookSecret = 'a-secret-of-the-suite';
const Page = z.looseObject({ data: z.array(z.unknown()), pagination: z.unknown() });
const settings = {
  eventTypeIds: [eventTypeId(numberOf('dr-tremblay'), 1)],
  attendeeEmail: 'rdv@clinique.invalid',
  webhookSecret,
};

export const simulator: SimulatorTarget = {
  adapter,
  start: startSimulator,
  settings: (baseUrl) => ({ baseUrl, apiKey: SIMULATOR_KEY, ...settings }),
  expired: (baseUrl) => ({ baseUrl, apiKey: 'expired', ...settings }),
  addMalformed: (body) => {
    const page = Page.safeParse(JSON.parse(body));
    if (!page.success || page.data.pagination === undefined) return body;
    const malformed = { id: 1, uid: 'x', start: SECRET, end: SECRET, attendees: [{ name: SECRET }] };
    return JSON.stringify({ ...page.data, data: [malformed, 12, null, ...page.data.data] });
  },
  webhookSecret,
};

export default [simulatorTarget(simulator)];

import { type SimulatorTarget, simulatorTarget } from '../../src/conformance/simulator-target.ts';
import { SECRET } from '../../src/conformance/target.ts';
import adapter from './adapter.ts';
import { SIMULATOR_KEY } from './simulator/platform.ts';
import { startSimulator } from './simulator/start.ts';
import { Grille } from './wire.ts';

/** What the suite is run on. */

const webhookSecret = 'a-secret-of-the-suite';

export const simulator: SimulatorTarget = {
  adapter,
  start: startSimulator,
  settings: (baseUrl) => ({ baseUrl, apiKey: SIMULATOR_KEY, webhookSecret }),
  expired: (baseUrl) => ({ baseUrl, apiKey: 'expired', webhookSecret }),
  addMalformed: (body) => {
    const page = Grille.parse(JSON.parse(body));
    const malformed = { genre: 'reservation', id: 'res-x', agendaId: SECRET, debut: SECRET, statut: SECRET };
    return JSON.stringify({ ...page, elements: [malformed, 12, null, ...page.elements] });
  },
  webhookSecret,
};

export default [simulatorTarget(simulator)];

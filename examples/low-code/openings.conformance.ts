import type { Described } from '../../src/cli/adapter-targets.ts';
import { type SimulatorTarget, simulatorTarget } from '../../src/conformance/simulator-target.ts';
import { SECRET } from '../../src/conformance/target.ts';
import { OPENINGS_KEY, startOpenings } from './openings-platform.ts';

/** What the suite is run on: passerelle adapter verify ./examples/low-code/openings.yaml */
export const described = ({
  adapter,
  mappings,
}: Pick<Described, 'adapter' | 'mappings'>): SimulatorTarget => ({
  adapter,
  mappings,
  start: startOpenings,
  settings: (address) => ({ address, key: OPENINGS_KEY }),
  expired: (address) => ({ address, key: 'expired' }),
  addMalformed: (body) => {
    const answer = JSON.parse(body) as { grid?: unknown[] } | unknown[];
    const malformed = { number: 'x', id: 'x', status: SECRET, date: SECRET, begins: SECRET, state: 'O' };
    return JSON.stringify(
      Array.isArray(answer)
        ? [malformed, null, ...answer]
        : { grid: [malformed, 12, ...(answer.grid ?? [])] },
    );
  },
  webhookSecret: null,
});

export default (given: Described) => simulatorTarget(described(given));

import { simulator as vendor } from '../../adapters/bonjour-sante/conformance.ts';
import { simulator as regional } from '../../adapters/rvsq/conformance.ts';
import type { SimulatorTarget } from '../../src/conformance/simulator-target.ts';
import { SECRET } from '../../src/conformance/target.ts';
import { describedAdapter } from '../../src/described/index.ts';
import { OPENINGS_KEY, startOpenings } from './openings-platform.ts';

/** The examples of examples/low-code, each with the made-up platform that it describes. */

const FOLDER = new URL('../../examples/low-code/', import.meta.url);
export const EXAMPLES_FOLDER = FOLDER.pathname;
export const EXAMPLES_MAPPINGS = new URL('mappings', FOLDER).pathname;

const described = (name: string) => ({
  adapter: describedAdapter(new URL(`${name}.yaml`, FOLDER)),
  mappings: EXAMPLES_MAPPINGS,
});

export const regionalAgenda: SimulatorTarget = { ...regional, ...described('regional-agenda') };
export const vendorAgenda: SimulatorTarget = { ...vendor, ...described('vendor-agenda') };
export const openings: SimulatorTarget = {
  ...described('openings'),
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
};

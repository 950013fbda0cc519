import { join } from 'node:path';
import { described as openingsOf } from '../../examples/low-code/openings.conformance.ts';
import { described as regionalAgendaOf } from '../../examples/low-code/regional-agenda.conformance.ts';
import { described as vendorAgendaOf } from '../../examples/low-code/vendor-agenda.conformance.ts';
import type { SimulatorTarget } from '../../src/conformance/simulator-target.ts';
import { describedAdapter } from '../../src/described/index.ts';
import { packageRoot } from '../../src/system/package-root.ts';

/** The examples of examples/low-code, each with the made-up platform that it describes. */

export const EXAMPLES_FOLDER = join(packageRoot, 'examples', 'low-code');
export const EXAMPLES_MAPPINGS = join(EXAMPLES_FOLDER, 'mappings');

const described = (name: string) => ({
  adapter: describedAdapter(join(EXAMPLES_FOLDER, `${name}.yaml`)),
  mappings: EXAMPLES_MAPPINGS,
});

export const regionalAgenda: SimulatorTarget = regionalAgendaOf(described('regional-agenda'));
export const vendorAgenda: SimulatorTarget = vendorAgendaOf(described('vendor-agenda'));
export const openings: SimulatorTarget = openingsOf(described('openings'));

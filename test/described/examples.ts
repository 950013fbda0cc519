import { described as openingsOf } from '../../examples/low-code/openings.conformance.ts';
import { described as regionalAgendaOf } from '../../examples/low-code/regional-agenda.conformance.ts';
import { described as vendorAgendaOf } from '../../examples/low-code/vendor-agenda.conformance.ts';
import type { SimulatorTarget } from '../../src/conformance/simulator-target.ts';
import { describedAdapter } from '../../src/described/index.ts';

/** The examples of examples/low-code, each with the made-up platform that it describes. */

const FOLDER = new URL('../../examples/low-code/', import.meta.url);
export const EXAMPLES_FOLDER = FOLDER.pathname;
export const EXAMPLES_MAPPINGS = new URL('mappings', FOLDER).pathname;

const described = (name: string) => ({
  adapter: describedAdapter(new URL(`${name}.yaml`, FOLDER)),
  mappings: EXAMPLES_MAPPINGS,
});

export const regionalAgenda: SimulatorTarget = regionalAgendaOf(described('regional-agenda'));
export const vendorAgenda: SimulatorTarget = vendorAgendaOf(described('vendor-agenda'));
export const openings: SimulatorTarget = openingsOf(described('openings'));

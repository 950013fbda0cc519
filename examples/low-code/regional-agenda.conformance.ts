import { simulator } from '../../adapters/rvsq/conformance.ts';
import type { Described } from '../../src/cli/adapter-targets.ts';
import { simulatorTarget } from '../../src/conformance/simulator-target.ts';

/** What the suite is run on: passerelle adapter verify ./examples/low-code/regional-agenda.yaml */
export const described = ({ adapter, mappings }: Pick<Described, 'adapter' | 'mappings'>) => ({
  ...simulator,
  adapter,
  mappings,
});

export default (given: Described) => simulatorTarget(described(given));

import type { Agenda } from '../../src/adapter/simulator/agenda.ts';
import type { Simulator, SimulatorOptions } from '../../src/adapter/simulator/server.ts';
import { ownCases } from '../../src/conformance/mocha.ts';
import { type SimulatorTarget, simulatorTarget } from '../../src/conformance/simulator-target.ts';

/**
 * Own cases of an adapter, with the memory of the simulator that each runs on.
 * @param start the simulator's own, in this process.
 */
export function watchedCases<Offer>(
  target: SimulatorTarget,
  start: (options: SimulatorOptions) => Promise<Simulator<Offer>>,
): { readonly own: ReturnType<typeof ownCases>; readonly agenda: () => Agenda<Offer> } {
  let last: Agenda<Offer> | null = null;
  const watching: SimulatorTarget = {
    ...target,
    async start(options) {
      const started = await start(options);
      last = started.agenda;
      return started;
    },
  };
  return {
    own: ownCases(simulatorTarget(watching)),
    agenda() {
      if (!last) throw new Error('no case has started its simulator');
      return last;
    },
  };
}

import { simulatorTarget } from '../../src/conformance/simulator-target.ts';
import { type Bench, type PlatformTarget, type Raw, SECRET } from '../../src/conformance/target.ts';
import adapter from './adapter.ts';
import { SIMULATOR_KEY } from './simulator/platform.ts';
import { startSimulator } from './simulator/start.ts';

/** What the suite is run on: one publisher, in the shape of 2021 and in that of the draft of 2026. */

export const SHAPES = ['2021', '2026'] as const;

export const publisherTarget = (shape: (typeof SHAPES)[number]): PlatformTarget => {
  const settings = (token: string) => (baseUrl: string) => ({
    url: `${baseUrl}/${shape}/$bulk-publish`,
    token,
    // The suite reads more often than a publisher is to be asked.
    everySeconds: 0,
  });
  const simulated = simulatorTarget({
    adapter,
    start: startSimulator,
    settings: settings(SIMULATOR_KEY),
    expired: settings('expired'),
    addMalformed,
    webhookSecret: null,
  });
  return {
    ...simulated,
    name: `simulator, ${shape}`,
    open: async (options) => {
      const bench = await simulated.open(options);
      return { ...bench, raw: rawOf(bench) };
    },
  };
};

/** What is taken outside of any slot is published as a slot of its own. */
const rawOf = ({ raw }: Bench) =>
  async function published(): Promise<Raw> {
    if (!raw) throw new Error('the simulator can be looked at');
    const { slots, periods } = await raw();
    const times = new Set(slots.map(({ interval: { start, end } }) => `${start}-${end}`));
    const alone = periods.filter(({ interval: { start, end } }) => !times.has(`${start}-${end}`));
    return {
      periods,
      slots: [...slots, ...alone.map(({ id, interval }) => ({ id, interval, status: 'busy' as const }))],
    };
  };

/** To files of slots; a manifest has no records. */
function addMalformed(body: string): string {
  if (!body.includes('"resourceType":"Slot"')) return body;
  const { schedule } = JSON.parse(body.slice(0, body.indexOf('\n'))) as { readonly schedule: object };
  const reference = JSON.stringify(schedule);
  const lines = [
    `{"resourceType":"Slot","id":"malformed","schedule":${reference},"status":"${SECRET}","start":"${SECRET}"}`,
    `{"resourceType":"Slot","schedule":${reference},"end":"${SECRET}"}`,
    `${SECRET} {`,
    '12',
  ];
  return `${body}${lines.join('\n')}\n`;
}

export default SHAPES.map(publisherTarget);

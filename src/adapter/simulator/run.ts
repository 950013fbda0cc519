import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Actors, Days } from './control.ts';
import type { Simulator, SimulatorOptions } from './server.ts';

const Arguments = z
  .object({
    port: z.coerce.number().int().min(0).max(65_535).default(0),
    host: z.string().default('127.0.0.1'),
    state: z.string().optional(),
    seed: z.string().default('1'),
    actors: z
      .string()
      .default('2')
      .transform((text) => (/^\d+$/.test(text) ? Number(text) : text.split(',')))
      .pipe(Actors),
    days: z.coerce.number().pipe(Days).default(14),
    webhook: z.url().optional(),
    'webhook-secret': z.string().default(''),
  })
  .transform(
    ({ state, webhook, 'webhook-secret': secret, ...rest }): SimulatorOptions => ({
      ...rest,
      ...(state === undefined ? {} : { stateFile: state }),
      ...(webhook === undefined ? {} : { webhook: { url: webhook, secret } }),
    }),
  );

/** @throws Error that says which option is wrong. */
function optionsOf(args: readonly string[]): SimulatorOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: text,
      host: text,
      state: text,
      seed: text,
      actors: text,
      days: text,
      webhook: text,
      'webhook-secret': text,
    },
  });
  const options = Arguments.safeParse(values);
  if (!options.success) throw new Error(z.prettifyError(options.error));
  return options.data;
}

/**
 * Runs a simulator as its own process: options from the command line, one line on stdout when it listens, and
 * `{ready: true, url}` to the parent when there is one. It ends with its state saved when the parent lets go of it
 * or on SIGTERM or SIGINT; with exit code 1 and the reason on stderr when it cannot start or cannot save.
 */
export async function runSimulator(
  platform: string,
  start: (options: SimulatorOptions) => Promise<Pick<Simulator, 'url' | 'close'>>,
): Promise<void> {
  const fail = (error: unknown): never => {
    console.error(`simulator ${platform}: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  };
  try {
    const simulator = await start(optionsOf(process.argv.slice(2)));
    let ending = false;
    const end = () => {
      if (ending) return;
      ending = true;
      simulator.close().then(() => process.exit(0), fail);
    };
    for (const event of ['disconnect', 'SIGTERM', 'SIGINT'] as const) process.on(event, end);
    console.log(`simulator ${platform} on ${simulator.url}`);
    process.send?.({ ready: true, url: simulator.url });
  } catch (error) {
    fail(error);
  }
}

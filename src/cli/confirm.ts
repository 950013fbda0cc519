import { readEnvironment } from '../config/environment.ts';
import { CommandFailure, type ProgramDependencies } from './dependencies.ts';
import { connectToGateway } from './gateway-client.ts';
import type { ClientOptions } from './gateway-request.ts';

/** `passerelle confirm <connection> [feed]`: what a suspect feed misses is gone. @param feed null = all that are suspect. */
export async function confirm(
  { variables, stdout }: ProgramDependencies,
  connectionId: string,
  feed: string | null,
  options: ClientOptions,
): Promise<void> {
  const client = await connectToGateway(readEnvironment(variables), options);
  const confirmed = await client.confirm(connectionId, feed);
  if (confirmed.length === 0) {
    const what = feed === null ? `no feed of ${connectionId}` : `the feed "${feed}" of ${connectionId}`;
    throw new CommandFailure(`${what} is${feed === null ? '' : ' not'} suspect: there is nothing to confirm`);
  }
  for (const each of confirmed) {
    stdout.write(
      `${connectionId}: confirmed for the feed ${each}; its next complete reading is taken at its word\n`,
    );
  }
}

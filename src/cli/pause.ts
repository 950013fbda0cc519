import { readEnvironment } from '../config/environment.ts';
import type { ProgramDependencies } from './dependencies.ts';
import { connectToGateway } from './gateway-client.ts';
import type { ClientOptions } from './gateway-request.ts';

/** `passerelle pause <connection>` and `resume`: whether its platform is asked and written to. Either may be said again. */
export async function pause(
  { variables, stdout }: ProgramDependencies,
  connectionId: string,
  deed: 'pause' | 'resume',
  options: ClientOptions,
): Promise<void> {
  const client = await connectToGateway(readEnvironment(variables), options);
  const { pausedAt } = await client.pause(connectionId, deed);
  stdout.write(
    pausedAt === null
      ? `${connectionId}: it goes on; it is read now, and written what it missed\n`
      : `${connectionId}: paused since ${pausedAt}; what is taken elsewhere is not closed there until: passerelle resume ${connectionId}\n`,
  );
}

import { readEnvironment } from '../config/environment.ts';
import type { Conflict } from './conflict-report.ts';
import { OURS, when } from './conflicts.ts';
import type { ProgramDependencies } from './dependencies.ts';
import { type ClientOptions, connectToGateway } from './gateway-client.ts';

export const RESOLUTIONS = ['keep-a', 'keep-b', 'keep-both'];

/** `passerelle resolve <conflict> <how>`: settles it, and says what follows. */
export async function resolve(
  { variables, stdout }: ProgramDependencies,
  conflictId: string,
  resolution: string,
  options: ClientOptions,
): Promise<void> {
  const client = await connectToGateway(readEnvironment(variables), options);
  const conflict = await client.resolve(conflictId, { resolution });
  stdout.write(`${conflictId}: settled, ${resolution}; ${whatFollows(conflict, resolution)}\n`);
}

function whatFollows({ bookings, timeZone }: Conflict, resolution: string): string {
  if (resolution === 'keep-both') return 'both stay, until one of them is moved';
  const gone = resolution === 'keep-a' ? bookings.b : bookings.a;
  return `the booking on ${gone.connection ?? OURS} ${when(gone, timeZone)} is cancelled there as soon as it answers`;
}

import { readEnvironment } from '../config/environment.ts';
import type { Conflict } from './conflict-report.ts';
import { OURS, when } from './conflicts.ts';
import { CommandFailure, type ProgramDependencies } from './dependencies.ts';
import { connectToGateway } from './gateway-client.ts';
import type { ClientOptions } from './gateway-request.ts';

export const RESOLUTIONS = ['keep-a', 'keep-b', 'keep-both', 'move'];

type Body = { readonly resolution: string; readonly booking?: string; readonly slot?: string };

/** @throws CommandFailure when a move does not say what goes where, or another says it. */
export function bodyOf(resolution: string, booking: string | undefined, slot: string | undefined): Body {
  if (resolution !== 'move') {
    if (booking === undefined) return { resolution };
    throw new CommandFailure(`${resolution} takes nothing more; a move is: move <a|b> <slot>`);
  }
  if ((booking === 'a' || booking === 'b') && slot !== undefined) return { resolution, booking, slot };
  throw new CommandFailure('say which booking goes to which slot: move <a|b> <slot>');
}

/** `passerelle resolve <conflict> <how>`: settles it, and says what follows. */
export async function resolve(
  { variables, stdout }: ProgramDependencies,
  conflictId: string,
  body: Body,
  options: ClientOptions,
): Promise<void> {
  const client = await connectToGateway(readEnvironment(variables), options);
  const conflict = await client.resolve(conflictId, body);
  stdout.write(`${conflictId}: settled, ${body.resolution}; ${whatFollows(conflict, body)}\n`);
}

function whatFollows({ bookings, timeZone }: Conflict, { resolution, booking }: Body): string {
  if (resolution === 'keep-both') return 'both stay, until one of them is moved';
  const gone = resolution === 'keep-a' || booking === 'b' ? bookings.b : bookings.a;
  const old = `the booking on ${gone.connection ?? OURS} ${when(gone, timeZone)}`;
  return resolution === 'move'
    ? `${old} is moved: the new time is confirmed there, and the old one given up`
    : `${old} is cancelled there as soon as it answers`;
}

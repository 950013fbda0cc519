import { readEnvironment } from '../config/environment.ts';
import { parseInstant } from '../domain/instant.ts';
import { interval } from '../domain/interval.ts';
import type { Booking, ConflictDetails, Proposal } from './conflict-report.ts';
import type { ProgramDependencies } from './dependencies.ts';
import { connectToGateway } from './gateway-client.ts';
import type { ClientOptions } from './gateway-request.ts';
import { table } from './table.ts';
import { dayAndTimes } from './when.ts';

const HEADER = ['CONFLICT', 'SINCE', 'ACTOR', 'A', 'B', 'IN THE LOCK'];
const HOW_TO_SETTLE =
  'To settle one: passerelle resolve <conflict> keep-a | keep-b | keep-both | move <a|b> <slot>';
/** What makes a proposal (src/engine/proposals.ts): any of it may be what is missing. */
const NOWHERE =
  'could go nowhere now: no slot that is free by a fresh reading, long enough and released begins in an hour or later';
export const OURS = 'passerelle';

/** `passerelle conflicts`: those that are open, with the nearest free slots for either booking. */
export async function conflicts(
  { variables, stdout }: ProgramDependencies,
  options: ClientOptions,
): Promise<void> {
  const client = await connectToGateway(readEnvironment(variables), options);
  const { conflicts: open, complete } = await client.conflicts();
  if (open.length === 0) {
    stdout.write('no conflict is open\n');
    return;
  }
  const details = await Promise.all(open.map(({ id }) => client.conflict(id)));
  stdout.write(`${renderConflicts(details)}\n`);
  if (!complete) stdout.write('\nThere are more: these are the soonest.\n');
  stdout.write(`\n${HOW_TO_SETTLE}\n`);
}

export function renderConflicts(conflicts: readonly ConflictDetails[]): string {
  const rows = conflicts.map(({ id, detectedAt, actor, timeZone, bookings: { a, b } }) => [
    id,
    detectedAt,
    actor,
    ...[a, b].map((booking) => `${booking.connection ?? OURS} ${when(booking, timeZone)}`),
    a.holdsLock ? 'A' : b.holdsLock ? 'B' : '-',
  ]);
  return [table(HEADER, rows, new Set()), ...conflicts.map(renderProposals)].join('\n\n');
}

function renderProposals({ id, timeZone, proposals }: ConflictDetails): string {
  const lines = (['a', 'b'] as const).flatMap((side) => {
    const name = side.toUpperCase();
    if (proposals[side].length === 0) return [`  ${name} ${NOWHERE}`];
    return [
      `  ${name} could go to`,
      ...proposals[side].map((each) => `    ${when(each, timeZone)}  ${each.connection}  ${each.slot}`),
    ];
  });
  return [id, ...lines].join('\n');
}

export const when = (
  { start, end }: Pick<Booking | Proposal, 'start' | 'end'>,
  timeZone: string | null,
): string => dayAndTimes(interval(parseInstant(start), parseInstant(end)), timeZone ?? 'UTC', 'en');

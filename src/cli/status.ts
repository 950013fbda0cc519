import { readEnvironment } from '../config/environment.ts';
import { parseInstant } from '../domain/instant.ts';
import { CommandFailure, type ProgramDependencies } from './dependencies.ts';
import { type ConnectionStatus, connectToGateway, type StatusReport } from './gateway-client.ts';
import type { ClientOptions } from './gateway-request.ts';
import { table } from './table.ts';
import { duration } from './when.ts';

/** `passerelle status`: how each connection is, as a table or as JSON. */
export async function status(
  { variables, stdout }: ProgramDependencies,
  options: ClientOptions & { readonly json: boolean },
): Promise<void> {
  const client = await connectToGateway(readEnvironment(variables), options);
  const report = await client.status();
  stdout.write(options.json ? `${JSON.stringify(report.body, null, 2)}\n` : `${renderStatus(report)}\n`);
}

const HEADER = ['CONNECTION', 'PLATFORM', 'HEALTH', 'LAG', 'LAST SYNC', 'DIFFERING', 'CONFLICTS', 'REJECTED'];
const RIGHT = new Set([3, 5, 6, 7]);
const NONE = '-';

/** A row for each connection; below, for each that is not ready, why, and what waits for a person. */
export function renderStatus(report: StatusReport): string {
  const now = parseInstant(report.at);
  const age = (at: string | null): string =>
    at === null ? NONE : duration(Math.max(0, now - parseInstant(at)), 'en');
  const rows = report.connections.map((connection) => [
    connection.id,
    connection.platform,
    health(connection),
    age(connection.oldestDifferingSince),
    connection.confirmedAt === null ? 'never' : `${age(connection.confirmedAt)} ago`,
    ...[connection.differing, connection.conflicts, connection.rejected].map((count) =>
      count === null ? NONE : String(count),
    ),
  ]);
  const reasons = report.connections.flatMap(({ id, reasons: list }) =>
    list.map((reason) => `${id}: ${reason}`),
  );
  const unmapped = report.connections.flatMap(unmappedLines);
  const below = [
    ...reasons,
    ...unmapped,
    ...conflictsLine(report),
    ...tasksLine(report),
    ...subscriptionsLine(report),
  ];
  return [table(HEADER, rows, RIGHT), ...(below.length > 0 ? ['', ...below] : [])].join('\n');
}

/** What a platform says in codes that nothing leads from: not known of these slots, until somebody says what it means. */
const unmappedLines = ({ id, platform, unmapped }: ConnectionStatus): string[] =>
  unmapped.map(
    ({ reason, records }) =>
      `${id}: ${reason} of ${records} ${records === 1 ? 'record' : 'records'}: add it to mappings/${platform}/`,
  );

function conflictsLine({ connections }: StatusReport): string[] {
  const open = connections.reduce((sum, { conflicts }) => sum + (conflicts ?? 0), 0);
  if (open === 0) return [];
  return [`${open} ${open === 1 ? 'conflict is' : 'conflicts are'} open: passerelle conflicts`];
}

function tasksLine({ connections }: StatusReport): string[] {
  const sum = (of: 'open' | 'overdue'): number =>
    connections.reduce((total, { tasks }) => total + tasks[of], 0);
  const [open, overdue] = [sum('open'), sum('overdue')];
  if (open === 0) return [];
  const late = overdue === 0 ? '' : `, ${overdue} of them late`;
  return [`${open} ${open === 1 ? 'task is' : 'tasks are'} to be done${late}: passerelle tasks`];
}

function subscriptionsLine({ subscriptions: { active, error, waiting } }: StatusReport): string[] {
  if (error === 0) return [];
  const failing = `${error} of ${active + error} subscribers can't be told`;
  return [
    `${failing}, and ${waiting} ${waiting === 1 ? 'change waits' : 'changes wait'}: GET /fhir/Subscription`,
  ];
}

function health({ ready, paused, failures, suspects, unreadable }: ConnectionStatus): string {
  if (paused) return 'paused';
  if (suspects.length > 0 && failures === 0) return 'suspect';
  if (unreadable.length > 0 && failures === 0) return 'unreadable';
  if (ready) return failures > 0 ? 'failing' : 'ready';
  return failures > 0 ? 'down' : 'not ready';
}

/** The connections to work on: the one that was named, or all. @throws CommandFailure on a name that is none. */
export function chosen(report: StatusReport, name: string | undefined): readonly ConnectionStatus[] {
  if (name === undefined) return report.connections;
  const found = report.connections.filter(({ id }) => id === name);
  if (found.length > 0) return found;
  const known = report.connections.map(({ id }) => id).join(', ');
  throw new CommandFailure(`no connection "${name}"; there is ${known}`);
}

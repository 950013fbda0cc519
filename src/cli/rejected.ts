import { readEnvironment } from '../config/environment.ts';
import type { ProgramDependencies } from './dependencies.ts';
import { connectToGateway, type RejectedRecord } from './gateway-client.ts';
import type { ClientOptions } from './gateway-request.ts';
import { shown } from './shown.ts';
import { table } from './table.ts';

const WARNING =
  'What follows may hold personal data. Do not paste it into a ticket, a message or a log, and delete what you save.';
const HEADER = ['RECORD', 'COUNT', 'FIRST', 'LAST', 'REASON'];
const RIGHT = new Set([1]);

/** `passerelle rejected <connection>`: the records that were set aside. @param raw opens what they were. */
export async function rejected(
  { variables, stdout, stderr }: ProgramDependencies,
  connectionId: string,
  options: ClientOptions & { readonly raw: boolean },
): Promise<void> {
  const client = await connectToGateway(readEnvironment(variables), options);
  const records = await client.rejected(connectionId, options.raw);
  if (records.length === 0) {
    stdout.write(`${connectionId}: no record is set aside\n`);
    return;
  }
  const rows = records.map((record) => [
    nameOf(record),
    String(record.occurrences),
    record.firstAt,
    record.lastAt,
    record.reason,
  ]);
  stdout.write(`${table(HEADER, rows, RIGHT)}\n`);
  if (!options.raw) return;
  stderr.write(`${WARNING}\n`);
  for (const record of records) stdout.write(`\n${nameOf(record)}: ${record.reason}\n${rawOf(record)}\n`);
}

const nameOf = ({ externalId, records }: RejectedRecord): string =>
  (externalId === null ? null : shown(externalId).replaceAll('\n', ' ')) ??
  (records === 1 ? '(no readable id)' : `(${records} without a readable id)`);

function rawOf({ raw, hasRaw }: RejectedRecord): string {
  if (raw !== null) return shown(raw);
  return hasRaw ? '(it cannot be opened: the log of the gateway says why)' : '(no raw form was kept)';
}

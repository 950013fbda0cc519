import { once } from 'node:events';
import { z } from 'zod';
import { readEnvironment } from '../config/environment.ts';
import { CommandFailure, type ProgramDependencies } from './dependencies.ts';
import { type ClientOptions, reachGateway } from './gateway-request.ts';

/** `passerelle audit`: whether the log of who did what is whole, and all of it (docs/audit.md). */

const Verification = z.object({
  records: z.number(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  last: z.object({ sequence: z.number(), hash: z.string() }).nullable(),
  fault: z.object({ kind: z.string(), sequence: z.number(), writtenAs: z.number().optional() }).nullable(),
});
type Fault = NonNullable<z.output<typeof Verification>['fault']>;

const FAULTS: Readonly<Record<string, (fault: Fault) => string>> = {
  missing: ({ sequence }) => `record ${sequence} is missing`,
  altered: ({ sequence }) =>
    `record ${sequence} is not as it was written: it was altered, or made without the key`,
  reordered: ({ sequence, writtenAs }) =>
    `record ${sequence} was written as ${writtenAs}: records were removed or reordered`,
  inserted: ({ sequence }) => `record ${sequence} was inserted: those after it were moved on by one`,
  unlinked: ({ sequence }) =>
    `record ${sequence} was written after another one than the one that is before it now`,
  'unknown-key': ({ sequence }) => `record ${sequence} was made by a key that is not known here`,
  cut: ({ sequence }) =>
    `the log ends before record ${sequence}, which an anchor says was there: its end was cut off`,
  rewritten: ({ sequence }) =>
    `record ${sequence} is not the one that the anchor is of: its end was cut off and written anew`,
};

/** @param anchors as `<sequence>:<hash>`. @throws CommandFailure where it does not hold. */
export async function verifyAudit(
  { variables, stdout }: ProgramDependencies,
  anchors: readonly string[],
  options: ClientOptions,
): Promise<void> {
  const gateway = await reachGateway(readEnvironment(variables), options);
  const query = new URLSearchParams(anchors.map((anchor): [string, string] => ['anchor', anchor])).toString();
  const answer = await gateway.stream('GET', `/api/audit/verify${query === '' ? '' : `?${query}`}`);
  const { records, from, to, last, fault } = Verification.parse(await answer.json());
  stdout.write(
    last === null
      ? 'no record holds\n'
      : `${records} records hold, from ${from} to ${to}\nanchor ${last.sequence}:${last.hash}\n`,
  );
  if (fault)
    throw new CommandFailure(FAULTS[fault.kind]?.(fault) ?? `${fault.kind}: record ${fault.sequence}`);
}

export type Period = { readonly from: string | undefined; readonly before: string | undefined };

/** NDJSON of AuditEvents on standard output. */
export async function exportAudit(
  { variables, stdout }: ProgramDependencies,
  { from, before }: Period,
  options: ClientOptions,
): Promise<void> {
  const gateway = await reachGateway(readEnvironment(variables), options);
  const query = new URLSearchParams();
  if (from !== undefined) query.set('from', from);
  if (before !== undefined) query.set('before', before);
  const response = await gateway.stream('GET', `/api/audit/export?${query}`);
  try {
    for await (const chunk of response.body ?? []) {
      if (!stdout.write(chunk)) await once(stdout, 'drain');
    }
  } catch {
    throw new CommandFailure('the gateway ended before its last line: what was written is not all of it');
  }
}

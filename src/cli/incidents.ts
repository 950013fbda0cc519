import { z } from 'zod';
import { readEnvironment } from '../config/environment.ts';
import type { IncidentStatement } from '../domain/incident.ts';
import { CommandFailure, type ProgramDependencies } from './dependencies.ts';
import { type ClientOptions, reachGateway } from './gateway-request.ts';
import { Incidents, incidentTable } from './incident-register.ts';

/** `passerelle incidents`: the register of incidents (docs/audit.md). */

const Written = z.object({
  id: z.string(),
  version: z.number(),
  toFill: z.array(z.string()),
  facts: z.object({ records: z.number(), persons: z.number() }).nullable(),
});

export type Said = { readonly [Name in keyof IncidentStatement]: string | undefined };

export type Added = {
  /** Of one that is there; undefined = a new one. */
  readonly id: string | undefined;
  readonly said: Said;
  /** Whose accesses are looked up, and in which period. */
  readonly principal: string | undefined;
  readonly from: string | undefined;
  readonly before: string | undefined;
};

export async function addIncident(
  { variables, stdout }: ProgramDependencies,
  { id, said, principal, from, before }: Added,
  options: ClientOptions,
): Promise<void> {
  const isPart = [principal, from, before].some((each) => each !== undefined);
  if (isPart && (principal === undefined || from === undefined || before === undefined)) {
    throw new CommandFailure(
      '--principal, --from and --before go together: who had access, and in which period',
    );
  }
  const gateway = await reachGateway(readEnvironment(variables), options);
  // What is undefined is not in JSON.
  const body = { id, ...said, ...(isPart ? { access: { agent: principal, from, before } } : {}) };
  const written = Written.parse(await gateway.ask('POST', '/api/incidents', body));
  const { facts, toFill } = written;
  stdout.write(`incident ${written.id}, version ${written.version}\n`);
  if (facts)
    stdout.write(`the audit log has ${facts.records} records of it, about ${facts.persons} persons\n`);
  if (toFill.length > 0) stdout.write(`still to be said: ${toFill.join(', ')}\n`);
}

export async function exportIncidents(
  { variables, stdout }: ProgramDependencies,
  format: 'csv' | 'json',
  options: ClientOptions,
): Promise<void> {
  const gateway = await reachGateway(readEnvironment(variables), options);
  const { incidents } = Incidents.parse(await gateway.ask('GET', '/api/incidents'));
  stdout.write(format === 'csv' ? incidentTable(incidents) : `${JSON.stringify(incidents, null, 2)}\n`);
}

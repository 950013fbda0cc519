import type { CapabilityStatement, CapabilityStatementRestResource } from 'fhir/r4.js';
import { inEnglish } from '../../mappings/fhir/bilingual.ts';
import { CANONICAL } from '../../mappings/fhir/canonical.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { JSON_PATCH } from './negotiation.ts';
import { type Operations, operationUrl } from './operation.ts';
import type { Resource } from './resource.ts';
import { COMMON_PARAMETERS, type Context } from './search.ts';

type Interaction = NonNullable<CapabilityStatementRestResource['interaction']>[number];

/** What this front does, from the very tables by which it does it (R4, http.html, 3.1.0.14). */
export const capabilityStatement = (
  { resources, operations }: { readonly resources: readonly Resource[]; readonly operations: Operations },
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
  format: ['application/fhir+json', 'application/json', 'json'],
  patchFormat: [JSON_PATCH],
  rest: [
    {
      mode: 'server',
      documentation:
        'Unknown search parameters are ignored and told in an entry with search.mode outcome; ' +
        'with Prefer: handling=strict they are refused.',
      security: {
        cors: true,
        service: [
          {
            coding: [
              {
                system: 'http://terminology.hl7.org/CodeSystem/restful-security-service',
                code: 'SMART-on-FHIR',
              },
            ],
          },
        ],
        description:
          'Authorization: Bearer <token> on everything but this statement; ' +
          '.well-known/smart-configuration says how programs get one.',
      },
      resource: resources.map(restResource),
      interaction: [{ code: 'transaction' }, { code: 'batch' }],
      searchParam: COMMON_PARAMETERS.map(declared),
      ...operationsOf(null, operations),
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
  if (resource.patch) interaction.push({ code: 'patch' });
  if (resource.delete) interaction.push({ code: 'delete' });
  return {
    type: resource.type,
    ...(resource.profile === undefined ? {} : { supportedProfile: [resource.profile] }),
    documentation: documentationOf(resource),
    interaction,
    versioning: resource.versioned ? 'versioned' : 'no-version',
    readHistory: resource.versions !== undefined,
    updateCreate: false,
    conditionalCreate: resource.conditionalCreate ?? false,
    conditionalUpdate: false,
    conditionalDelete: 'not-supported',
    ...(resource.includes.length === 0 ? {} : { searchInclude: [...resource.includes] }),
    ...(resource.revincludes.length === 0 ? {} : { searchRevInclude: [...resource.revincludes] }),
    ...operationsOf(resource.type, resource.operations ?? {}),
    searchParam: resource.parameters.map(declared),
  };
}

/** R4 has no element for reverse chains. */
const documentationOf = ({ documentation, has = [] }: Resource): string =>
  [documentation, ...has.map((each) => `_has:${each}:<parameter>.`)].join(' ');

const declared = ({ name, type, documentation }: Resource['parameters'][number]) => ({
  name,
  type,
  documentation,
});

/** FHIR JSON has no empty arrays. @param type null = on no type in particular. */
function operationsOf(
  type: string | null,
  operations: Operations,
): Pick<CapabilityStatementRestResource, 'operation'> {
  const operation = Object.entries(operations).map(([name, { documentation }]) => ({
    name,
    definition: operationUrl(type, name),
    documentation: documentation.fr,
    _documentation: inEnglish(documentation),
  }));
  return operation.length === 0 ? {} : { operation };
}

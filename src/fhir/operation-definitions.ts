import type { OperationDefinition, OperationDefinitionParameter } from 'fhir/r4.js';
import { inEnglish } from '../../mappings/fhir/bilingual.ts';
import { CANONICAL_PARAMETERS, canonicalValues } from './definitions.ts';
import type { Graph } from './graph.ts';
import { kept } from './kept.ts';
import type { Past } from './kept-versions.ts';
import {
  type Operation,
  type OperationParameter,
  type Operations,
  operationId,
  operationUrl,
} from './operation.ts';
import type { Resource } from './resource.ts';

/** What the capability statement refers to: each operation of this front, from the table by which it is called. */

const VERSION = '1.0.0';

/** @param system operations on no type in particular. */
export function operationDefinitions(
  resources: readonly Resource[],
  system: Operations,
  past: Past,
  graph: Graph,
): Resource {
  const definitions = [
    ...Object.entries(system).map(([code, operation]) => definitionOf(null, code, operation)),
    ...resources.flatMap(({ type, operations = {} }) =>
      Object.entries(operations).map(([code, operation]) => definitionOf(type, code, operation)),
    ),
  ];
  const items = definitions.map((resource) => ({ resource, ...canonicalValues(resource) }));
  const type = 'OperationDefinition';
  const documentation = 'What the operations of this server take and answer.';
  return {
    ...kept({ type, documentation, parameters: CANONICAL_PARAMETERS, items }, past, graph),
    isDescription: true,
  };
}

function definitionOf(
  type: Resource['type'] | null,
  code: string,
  operation: Operation,
): OperationDefinition & { readonly id: string } {
  const { documentation, base, affectsState, parameters } = operation;
  const id = operationId(type, code);
  return {
    resourceType: 'OperationDefinition',
    id,
    url: operationUrl(type, code),
    version: VERSION,
    name: id.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    title: `${type ?? ''}$${code}`,
    status: 'active',
    experimental: false,
    kind: 'operation',
    publisher: 'Passerelle',
    description: documentation.fr,
    _description: inEnglish(documentation),
    affectsState,
    code,
    ...(base === null ? {} : { base }),
    ...(type === null ? {} : { resource: [type] }),
    system: operation.system !== undefined,
    type: operation.type !== undefined,
    instance: operation.instance !== undefined,
    ...(parameters.length === 0 ? {} : { parameter: parameters.map(parameterOf) }),
  };
}

function parameterOf(parameter: OperationParameter): OperationDefinitionParameter {
  const { name, use, min, max, documentation } = parameter;
  return {
    name,
    use,
    min,
    max: String(max),
    documentation: documentation.fr,
    _documentation: inEnglish(documentation),
    ...('type' in parameter ? { type: parameter.type } : { part: parameter.parts.map(parameterOf) }),
  };
}

import type { OperationOutcomeIssue } from 'fhir/r4.js';
import type { R4Definitions } from '../../mappings/fhir/validation/definitions.ts';
import { isObject, type JsonObject } from '../../mappings/fhir/validation/json.ts';
import type { Shape } from '../../mappings/fhir/validation/shape.ts';
import { FAULTS_MAX, faultsOf } from '../../mappings/fhir/validation/structure.ts';
import { issuesOf, resourceOf } from './incoming.ts';
import type { Language } from './language.ts';
import { operationOutcome, Refused } from './outcomes.ts';

/** Whether a resource is valid R4 and conforms to a profile: what $validate says of its content. */

const R4_VERSION = '4.0.1';
const HL7 = 'http://hl7.org/fhir/StructureDefinition/';

/**
 * @param profile canonical URL; null = those of this server that the resource claims to conform to in meta.profile.
 * @throws Refused when it is no resource of the type, or the profile is none of this server: R4 wants an error where a
 * server cannot validate against the one that is named.
 */
export function contentIssues(
  type: string,
  body: unknown,
  profile: string | null,
  definitions: R4Definitions,
  language: Language,
): OperationOutcomeIssue[] {
  const resource = resourceOf(type, body);
  const { shapes, unknown } =
    profile === null
      ? claimedShapes(resource, type, definitions)
      : { shapes: [namedShape(profile, type, definitions)], unknown: [] };
  // A profile finds again what its base does.
  const faults = new Map(
    shapes
      .flatMap((shape) => faultsOf(resource, shape, definitions))
      .map((fault) => [`${fault.expression} ${fault.message.en}`, fault]),
  );
  const issues = issuesOf([...faults.values()].slice(0, FAULTS_MAX));
  return [
    ...operationOutcome('error', 'invalid-resource', issues, language).issue,
    ...unknown.map((expression) => ({
      severity: 'information' as const,
      code: 'not-supported' as const,
      diagnostics: NOT_CHECKED[language],
      expression: [expression],
    })),
  ];
}

const NOT_CHECKED = {
  fr: 'ce serveur ne connaît pas ce profil : il n’a pas été vérifié',
  en: 'this server does not know this profile: it was not checked',
};

function namedShape(canonical: string, type: string, definitions: R4Definitions): Shape {
  const shape = shapeOf(canonical, type, definitions);
  if (shape) return shape;
  throw new Refused('invalid-parameter', {
    diagnostics: {
      fr: `pas un profil de ${type} que ce serveur connaît : cherchez StructureDefinition`,
      en: `not a profile of ${type} that this server knows: search StructureDefinition`,
    },
    expression: "Parameters.parameter.where(name='profile')",
    code: 'not-supported',
  });
}

type Claimed = {
  readonly shapes: readonly Shape[];
  /** Where those are named that nobody knows here. */
  readonly unknown: readonly string[];
};

/** R4's own, and those that it claims to conform to. */
function claimedShapes({ meta }: JsonObject, type: string, definitions: R4Definitions): Claimed {
  const shapes = new Set([definitions.type(type)]);
  const unknown: string[] = [];
  const claimed: readonly unknown[] = isObject(meta) && Array.isArray(meta['profile']) ? meta['profile'] : [];
  for (const [index, canonical] of claimed.slice(0, FAULTS_MAX).entries()) {
    const shape = typeof canonical === 'string' ? shapeOf(canonical, type, definitions) : null;
    if (shape) shapes.add(shape);
    else unknown.push(`${type}.meta.profile[${index}]`);
  }
  return { shapes: [...shapes].filter((shape) => shape !== null), unknown };
}

function shapeOf(canonical: string, type: string, definitions: R4Definitions): Shape | null {
  const [url = '', version] = canonical.split('|');
  if (url === HL7 + type && (version ?? R4_VERSION) === R4_VERSION) return definitions.type(type);
  const profile = definitions.profile(url);
  if (profile?.type !== type) return null;
  return version === undefined || version === profile.version ? profile.shape : null;
}

import type { R4Definitions } from '../../mappings/fhir/validation/definitions.ts';
import { isObject } from '../../mappings/fhir/validation/json.ts';
import { unknownElements } from '../../mappings/fhir/validation/unknown.ts';
import { issuesOf } from './incoming.ts';
import { Refused } from './outcomes.ts';

/**
 * What creates or changes something, an operation's parameters among it, must have no element that R4 does not have: who writes `slots` for `slot` is told, and does
 * not book without. `Prefer: handling=lenient` lets them pass; R4 has it for parameters of searches (search.html, 3.1.1.1.1),
 * and leaves to the server what it does with such elements.
 */
export type RefuseUnknownElements = (type: string, body: unknown) => void;

/** @param r4 read when something is first created or changed. @returns a function that throws Refused. */
export const unknownElementsRefuser =
  (r4: () => R4Definitions): RefuseUnknownElements =>
  (type, body) => {
    // What is no resource of the type is refused by who reads it.
    if (!isObject(body) || body['resourceType'] !== type) return;
    const findings = unknownElements(body, type, r4());
    if (findings.length > 0) throw new Refused('invalid-resource', issuesOf(findings));
  };

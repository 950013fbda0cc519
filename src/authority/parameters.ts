import type { LinksShape } from '../../mappings/fhir/scheduling-links.ts';
import { type Instant, parseInstant } from '../domain/instant.ts';
import type { LinksRequest } from './manifest.ts';
import { invalidProfile, invalidSince, repeated, unknownParameter } from './refusals.ts';

const OFFERED: readonly string[] = ['_since', '_profile'];
/** Of every FHIR address; here there is one format. */
const WITHOUT_EFFECT: readonly string[] = ['_format', '_pretty'];
const SECONDS = /T\d\d:\d\d:\d\d/;

/**
 * @param strict refuses what is not known; else it is ignored.
 * @throws Refused on a value that cannot be.
 */
export function readParameters(parameters: URLSearchParams, strict: boolean): LinksRequest {
  const isKnown = (name: string): boolean => OFFERED.includes(name) || WITHOUT_EFFECT.includes(name);
  if (strict && ![...parameters.keys()].every(isKnown)) throw unknownParameter(OFFERED);
  const since = only(parameters, '_since');
  return { shape: shapeOf(only(parameters, '_profile')), since: since === null ? null : instantOf(since) };
}

function only(parameters: URLSearchParams, name: string): string | null {
  const [value = null, ...more] = parameters.getAll(name);
  if (more.length > 0) throw repeated(name);
  return value;
}

function shapeOf(profile: string | null): LinksShape {
  if (profile === null) return '2021';
  if (profile === 'ssl') return 'ssl';
  throw invalidProfile();
}

/** With seconds, as every timestamp of this specification (Timestamps). */
function instantOf(text: string): Instant {
  try {
    // An unescaped + of an offset arrives as a space.
    if (SECONDS.test(text)) return parseInstant(text.replace(/ (?=\d\d:\d\d$)/, '+'));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw invalidSince();
}

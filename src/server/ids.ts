import type { Refused } from '../fhir/outcomes.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id in a path, as the database takes one. @throws what `unknown` makes: what is no id of ours names nothing. */
export function idIn(given: string, unknown: () => Refused): string {
  if (UUID.test(given)) return given;
  throw unknown();
}

import type { LinksShape } from '../../mappings/fhir/scheduling-links.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';

/** What there is to fetch (SMART Scheduling Links, specification.md, Manifest File). */

export const OPERATION = '$bulk-publish';

/** What a client asked for, of the manifest and of each file alike. */
export type LinksRequest = {
  readonly shape: LinksShape;
  /** Only what changed since; null = all. */
  readonly since: Instant | null;
};

export type Output = { readonly type: string; readonly name: string; readonly states: readonly string[] };

/** @param base of this server, without a slash at its end. @param outputs with names of files. */
export function manifestText(
  base: string,
  asked: LinksRequest,
  transactionTime: Instant,
  outputs: readonly Output[],
): string {
  const home = `${base}/${OPERATION}`;
  return JSON.stringify({
    transactionTime: formatInstant(transactionTime),
    request: home + queryOf(asked),
    output: outputs.map(({ type, name, states }) => ({
      type,
      url: `${home}/${name}${queryOf(type === 'Slot' ? asked : { ...asked, since: null })}`,
      ...(states.length === 0 ? {} : { extension: { state: states } }),
    })),
    error: [],
  });
}

/** Slots are all that changes while this server runs. */
function queryOf({ shape, since }: LinksRequest): string {
  const query = [
    ...(shape === 'ssl' ? ['_profile=ssl'] : []),
    ...(since === null ? [] : [`_since=${encodeURIComponent(formatInstant(since))}`]),
  ];
  return query.length === 0 ? '' : `?${query.join('&')}`;
}

import type { Capabilities } from '../adapter/contract.ts';

/** How long after its last confirmation a slot is served as free, in minutes, where the configuration does not say. */

const USUAL = 10;
/** Of this morning, for the day. */
const LISTED = 720;

/** What only a person's list confirms is not confirmed every few minutes. */
export const usualFreshness = (capabilities: Pick<Capabilities, 'pull' | 'lists'> | undefined): number =>
  capabilities?.pull === 'none' && capabilities.lists === true ? LISTED : USUAL;

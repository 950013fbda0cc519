import type { Capabilities } from '../adapter/contract.ts';

/** How long after its last confirmation a slot is served as free, in minutes, where the configuration does not say. */

const USUAL = 10;
/** Of this morning, for the day. */
const LISTED = 720;

type Reading = Pick<Capabilities, 'pull' | 'lists'> | undefined;

/** Whether nothing but lists that people bring says what stands there. */
export const isListed = (capabilities: Reading): boolean =>
  capabilities?.pull === 'none' && capabilities.lists === true;

/** What only a person's list confirms is not confirmed every few minutes. */
export const usualFreshness = (capabilities: Reading): number => (isListed(capabilities) ? LISTED : USUAL);

import type { Context } from './search.ts';

/**
 * Whether who asks may know who comes. The one who runs the clinic's gateway may; who is told of changes gets them at an
 * address of its own, by whoever is there, and may not.
 */
export const maySeePatients = ({ caller }: Pick<Context, 'caller'>): boolean => caller === 'administrator';

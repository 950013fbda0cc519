import { permits } from '../domain/access.ts';
import type { Context } from './search.ts';

/** Whether who asks may know who comes: who may read patients. */
export const maySeePatients = ({ caller }: Pick<Context, 'caller'>): boolean =>
  permits(caller, { type: 'Patient', permission: 'r' });

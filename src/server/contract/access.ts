import { z } from 'zod';
import { Instant } from './common.ts';

/** What tokens and persons have in common. */

export const organization = z
  .string()
  .nullable()
  .meta({ description: 'Whose data it is about; null = that of all organizations.' });

export const scopes = z
  .array(z.string())
  .meta({ description: 'SMART scopes and ours (docs/access.md).', examples: [['system/Slot.rs']] });

/** As they are asked for. */
export const wantedScopes = z
  .array(z.string().max(200))
  .min(1)
  .max(100)
  .meta({ description: 'No more than who asks has.', examples: [['system/Slot.rs']] });

export const wantedOrganization = z.string().optional().meta({ description: 'Left out = that of who asks.' });

export const made = {
  createdAt: Instant,
  createdBy: z.string().meta({ description: 'A name that who made it is known by.' }),
};

import { z } from 'zod';
import { HOUR } from '../domain/instant.ts';
import type { Policy } from '../domain/schedule.ts';

/** The rules of a schedule as they are written; docs/policies.md says what each costs. */

const HOURS_MAX = 8_760;

const hours = (description: string) => z.number().min(0).max(HOURS_MAX).meta({ description });

const Cancellation = z.strictObject({
  untilHoursBefore: hours('hours before the start until when it may be cancelled through Passerelle').default(
    0,
  ),
});

export const PolicyDocument = z.strictObject({
  sharing: z.enum(['shared']).default('shared').meta({ description: 'shared: every platform sells' }),
  failover: z.enum(['refuse', 'accept']).default('refuse').meta({
    description:
      'when the home platform is down: refuse bookings through Passerelle, or accept and write later',
  }),
  cancellation: Cancellation.prefault({}).meta({ description: 'how late patients may cancel' }),
});

export const policyOf = (document: z.output<typeof PolicyDocument>): Policy => ({
  ...document,
  cancellation: { untilMillisecondsBefore: document.cancellation.untilHoursBefore * HOUR },
});

import { z } from 'zod';
import { ASKING_SETTINGS } from '../../src/adapter/asking/settings.ts';
import type { Manifest } from '../../src/adapter/contract.ts';
import { titled } from '../../src/adapter/titled.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';
import { COLUMNS } from './columns.ts';

export const DATES = ['iso', 'day-first', 'month-first'] as const;

export const Settings = z.strictObject({
  ...ASKING_SETTINGS,
  shows: z
    .enum(['slots', 'appointments'])
    .default('slots')
    .describe(
      'What a list of the platform has: slots, each with its status; or appointments alone, so that a time without one is on offer to nobody',
    )
    .meta(
      titled(
        'What its lists show',
        'Ce que montrent ses listes',
        'Ce qu’a une liste de la plateforme : des plages, chacune avec son état; ou des rendez-vous seulement, et une heure sans rendez-vous n’est alors offerte à personne',
      ),
    ),
  dates: z
    .enum(DATES)
    .default('iso')
    .describe('How its lists write days: 2026-11-24, 24/11/2026 or 11/24/2026')
    .meta(
      titled(
        'Dates',
        'Dates',
        'Comment ses listes écrivent les jours : 2026-11-24, 24/11/2026 ou 11/24/2026',
      ),
    ),
  columns: z
    .array(z.enum([...COLUMNS, 'other']))
    .min(1)
    .max(50)
    .refine((names) => names.includes('start') && (names.includes('end') || names.includes('duration')), {
      error: 'needs start, and end or duration',
    })
    .optional()
    .describe('What the columns are, of lists that have no line of titles')
    .meta(
      titled(
        'Columns',
        'Colonnes',
        'Ce que sont les colonnes, quand les listes n’ont pas de ligne de titres',
      ),
    ),
});
export type Settings = z.output<typeof Settings>;

export const manifest = {
  id: 'manual',
  title: { fr: 'Plateforme tenue à la main', en: 'Platform kept by hand' },
  kind: 'private',
  contract: 'published',
  capabilities: {
    agenda: 'there',
    pull: 'none',
    feed: 'calendar',
    webhook: 'none',
    // What is asked is kept by Passerelle itself: the same again is the same task.
    idempotency: 'key',
    conditionalWrite: false,
    operations: ['publish', 'withdraw', 'block', 'unblock', 'cancel'],
    writes: 'asked',
    lists: true,
  },
  // No request leaves the process.
  limits: {
    requests: 1_000_000,
    windowMilliseconds: MINUTE,
    concurrency: 64,
    timeoutMilliseconds: SECOND,
    stalenessMilliseconds: 0,
  },
  settings: Settings,
  exemptions: {
    'unmapped-code': 'a line whose status is in no table is named as wrong, and nothing of it is taken',
  },
} as const satisfies Manifest<typeof Settings>;

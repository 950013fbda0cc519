import type { Sheet, SheetFree, SheetVisit } from '../../src/contingency/sheet.ts';
import { instant, MINUTE, parseInstant } from '../../src/domain/instant.ts';

/** A made-up sheet, as of a moment in November, with all that one can have. */

export const AS_OF = parseInstant('2026-11-24T08:00:00-05:00');
const VENDOR = { fr: 'Bonjour-santé', en: 'Bonjour-santé' };
const PUBLIC = { fr: 'RVSQ', en: 'RVSQ' };

const at = (minutes: number, length = 20) => ({
  start: instant(AS_OF + minutes * MINUTE),
  end: instant(AS_OF + (minutes + length) * MINUTE),
});

export const visit = (minutes: number, more: Partial<SheetVisit> = {}): SheetVisit => ({
  kind: 'visit',
  id: `00000000-0000-4000-8000-${String(minutes).padStart(12, '0')}`,
  interval: at(minutes),
  state: 'booked',
  inConflict: false,
  heldUntil: null,
  platform: VENDOR,
  confirmation: `BS-${minutes}`,
  patient: { id: null, family: 'Fictive', given: 'Rose', phone: '514 555-0123', nam: 'FICR80541219' },
  comment: null,
  reasons: [],
  ...more,
});

export const freeAt = (minutes: number, more: Partial<SheetFree> = {}): SheetFree => ({
  kind: 'free',
  interval: at(minutes),
  places: 1,
  platforms: [PUBLIC],
  stale: false,
  bookableFrom: null,
  ...more,
});

/** @param rows of the first doctor today. */
export const fictiveSheet = (rows: readonly (SheetVisit | SheetFree)[] = ROWS): Sheet => ({
  organization: { id: 'clinique-fictive', name: 'Clinique fictive du Parc' },
  asOf: AS_OF,
  until: parseInstant('2026-11-26T00:00:00-05:00'),
  namesPatients: true,
  sources: [
    { connectionId: 'bonjour-sante', title: VENDOR, confirmedAt: instant(AS_OF - 40 * MINUTE), stale: true },
    { connectionId: 'rvsq', title: PUBLIC, confirmedAt: AS_OF, stale: false },
  ],
  locations: [
    {
      id: 'parc',
      name: 'Clinique du Parc',
      phone: '514 555-0100',
      timeZone: 'America/Toronto',
      schedules: [
        {
          id: 'dre-gagnon-parc',
          practitioner: 'Dre Alix Gagnon',
          service: { fr: 'Médecine familiale', en: 'Family medicine' },
          capacity: 1,
          days: [
            { date: '2026-11-24', entries: rows },
            { date: '2026-11-25', entries: [] },
          ],
        },
      ],
    },
  ],
});

const ROWS = [
  visit(60, { reasons: ['urgent'], comment: 'Toux depuis 3 jours' }),
  visit(80, {
    state: 'pending',
    confirmation: null,
    patient: { id: null, family: 'Fictif', given: 'Nguyễn Văn', phone: '+1 514 555-0177', nam: null },
  }),
  visit(100, { inConflict: true, platform: PUBLIC, patient: null }),
  visit(120, { state: 'held', heldUntil: instant(AS_OF + 10 * MINUTE), patient: null, confirmation: null }),
  freeAt(140),
  freeAt(160, { stale: true, platforms: [VENDOR, PUBLIC] }),
];

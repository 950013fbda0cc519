import type { RecordKind, SimRecord } from '../../../src/adapter/simulator/records.ts';
import { formatInstant } from '../../../src/domain/instant.ts';
import type { Offre } from '../wire.ts';

/** The simulator's records in the vendor's JSON. */

export const GENRES = {
  slot: 'plage',
  reservation: 'reservation',
  block: 'blocage',
} as const satisfies Record<RecordKind, string>;

export function elementOf(record: SimRecord<Offre>) {
  const common = {
    genre: GENRES[record.kind],
    id: record.id,
    agendaId: record.calendar,
    version: record.version,
    debut: formatInstant(record.interval.start),
    fin: formatInstant(record.interval.end),
    referenceExterne: record.reference,
    modifieLe: formatInstant(record.changedAt),
  };
  switch (record.kind) {
    case 'slot':
      return { ...common, ...record.offer, lien: `https://bonjour-sante.invalid/plages/${record.id}` };
    case 'reservation':
      return {
        ...common,
        plageId: record.slotId,
        statut: record.expiresAt === null ? 'confirmee' : 'verrouillee',
        expireLe: record.expiresAt === null ? null : formatInstant(record.expiresAt),
      };
    case 'block':
      return common;
  }
}

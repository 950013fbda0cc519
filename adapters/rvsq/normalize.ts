import { z } from 'zod';
import { type CodeMaps, translate } from '../../src/adapter/concept-map.ts';
import { issuesOf } from '../../src/adapter/http.ts';
import {
  type Mark,
  markOf,
  type Observation,
  type Rejected,
  type Removal,
  subjectOf,
} from '../../src/adapter/observation.ts';
import { storableText } from '../../src/adapter/texts.ts';
import { ELIGIBILITIES, MODES, REASONS, REORIENTATIONS, type SlotAttributes } from '../../src/domain/slot.ts';
import { unmappedCode } from '../../src/domain/unmapped.ts';
import { type Availability, Deleted, RvsqRecord, timeOf } from './wire.ts';

export type Normalized = {
  readonly rows: Observation[];
  readonly removed: Removal[];
  readonly rejected: Rejected[];
};

/** The origin of a visit that nobody reoriented: no source, so it has no row in the ConceptMap. */
export const REGULAR = 'regular';

const Identified = z.object({ id: storableText(200).min(1) });
/** RVSQ's records as observations. A record that cannot be read is set aside; an unmapped code is reported. */
export function createNormalizer(maps: CodeMaps): (records: readonly unknown[]) => Normalized {
  const reason = maps.map('rvsq-reason');
  const eligibility = maps.map('rvsq-eligibility');
  const reorientation = maps.map('rvsq-reorientation');
  const mode = maps.map('rvsq-mode');

  function attributesOf(slot: Availability, raw: unknown, rejected: Rejected[]): SlotAttributes {
    const report = (field: string) => (code: string) => {
      rejected.push({ externalId: slot.id, reason: unmappedCode(code, field), raw });
    };
    const reasons = slot.consultingReasons?.map(({ uid }) => uid) ?? null;
    const origins = slot.origins?.filter((origin) => origin !== REGULAR) ?? null;
    const modes = slot.visitType === null ? null : [slot.visitType];
    return {
      availableSince: slot.availableSinceUtc,
      eligibility: translate(slot.clientele, eligibility, ELIGIBILITIES, report('clientele')),
      reasons: translate(reasons, reason, REASONS, report('consultingReasons')),
      reorientation: translate(origins, reorientation, REORIENTATIONS, report('origins')),
      mode: translate(modes, mode, MODES, report('visitType'))?.[0] ?? null,
      bookingUrl: slot.bookingUrl,
    };
  }

  return (records) => {
    const normalized: Normalized = { rows: [], removed: [], rejected: [] };
    for (const record of records) {
      const deleted = Deleted.safeParse(record);
      if (deleted.success) {
        normalized.removed.push(removalOf(deleted.data));
        continue;
      }
      const parsed = RvsqRecord.safeParse(record);
      if (!parsed.success) {
        const externalId = Identified.safeParse(record).data?.id ?? null;
        normalized.rejected.push({ externalId, reason: issuesOf(parsed.error), raw: record });
      } else if (isFreed(parsed.data)) normalized.removed.push(removalOf(parsed.data));
      else
        normalized.rows.push(observe(parsed.data, (slot) => attributesOf(slot, record, normalized.rejected)));
    }
    return normalized;
  };
}

const isFreed = (record: RvsqRecord): boolean =>
  record.type === 'activity' && (record.isDeclined || record.isRemoved || record.isDeleted);

const removalOf = ({
  type,
  id,
  changeNumber,
}: Pick<RvsqRecord, 'type' | 'id' | 'changeNumber'>): Removal => ({
  kind: type === 'availability' ? 'slot' : 'busy',
  externalId: id,
  sequence: changeNumber,
});

function observe(record: RvsqRecord, attributesOf: (slot: Availability) => SlotAttributes): Observation {
  const common = {
    externalId: record.id,
    calendar: record.professionalId,
    interval: timeOf(record),
    mark: markIn(record.externalReference),
    revision: String(record.changeNumber),
    sequence: record.changeNumber,
  };
  if (record.type === 'availability') return { kind: 'slot', ...common, attributes: attributesOf(record) };
  const busy = { kind: 'busy', ...common, changedAt: record.modifiedUtc } as const;
  if (record.type === 'unavailability') return { ...busy, busyKind: 'block', expiresAt: null };
  const expiresAt = record.lockedUntilUtc ?? null;
  return { ...busy, busyKind: expiresAt === null ? 'appointment' : 'hold', expiresAt };
}

function markIn(text: string | null): Mark | null {
  const subject = subjectOf(text);
  return subject === null ? null : markOf(subject);
}

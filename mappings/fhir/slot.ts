import type { CodeableConcept, Extension, Slot as FhirSlot } from 'fhir/r4.js';
import type { Bilingual, HealthcareService, Location } from '../../src/domain/schedule.ts';
import type { Slot, SlotAttributes } from '../../src/domain/slot.ts';
import { REASON_TERMS } from '../../src/domain/slot-terms.ts';
import { EXTENSION, SYSTEM } from './canonical.ts';
import { localTime } from './local-time.ts';
import { specialtyOf } from './specialty.ts';

/** Status and meta are added when it is served: they change without the rest. */
export type SlotResource = Omit<FhirSlot, 'status' | 'meta'>;

/** Where and for what: what a slot takes over from its schedule. */
export type SlotContext = { readonly location: Location; readonly service: HealthcareService };

/** What differs from one slot of a schedule to the next, as it is written. */
export type SlotTexts = {
  readonly id: string;
  readonly start: string;
  readonly end: string;
  readonly availableSince: string | null;
  readonly bookingUrl: string | null;
};

/** What is the same for many slots of a schedule. */
export type SlotKind = Pick<SlotAttributes, 'eligibility' | 'reasons' | 'reorientation' | 'mode'> & {
  readonly scheduleId: string;
};

/**
 * A slot with the six items of, r. 1, s. 4: times, reason (also appointmentType, when there is just one) and
 * booking page (comment, as France's SAS has it) where R4 has a place, the rest in extensions. What the platform did
 * not say is left out.
 */
export const slotResource = (slot: Slot, context: SlotContext): SlotResource =>
  writeSlot(slotTexts(slot, context.location.timeZone), { ...slot.attributes, ...slot }, context);

export const slotTexts = ({ id, interval, attributes }: Slot, zone: string): SlotTexts => ({
  id,
  start: localTime(interval.start, zone),
  end: localTime(interval.end, zone),
  availableSince: attributes.availableSince === null ? null : localTime(attributes.availableSince, zone),
  bookingUrl: attributes.bookingUrl,
});

export function writeSlot(texts: SlotTexts, kind: SlotKind, context: SlotContext): SlotResource {
  const onlyReason = kind.reasons?.length === 1 ? kind.reasons[0] : undefined;
  return {
    resourceType: 'Slot',
    id: texts.id,
    extension: extensions(texts, kind, context.location),
    serviceType: [coding(SYSTEM.service, context.service.id, context.service.name)],
    ...specialtyOf(context.service),
    ...(onlyReason ? { appointmentType: coding(SYSTEM.reason, onlyReason, REASON_TERMS[onlyReason]) } : {}),
    schedule: { reference: `Schedule/${kind.scheduleId}` },
    start: texts.start,
    end: texts.end,
    ...(texts.bookingUrl === null ? {} : { comment: texts.bookingUrl }),
  };
}

/** Displayed in French only: in both languages it would be a third of every slot. The code system has the English. */
const coding = (system: string, code: string, { fr }: Bilingual): CodeableConcept => ({
  coding: [{ system, code, display: fr }],
});

function extensions(texts: SlotTexts, kind: SlotKind, location: Location): Extension[] {
  const list: Extension[] = [];
  if (texts.availableSince !== null) {
    list.push({ url: EXTENSION.availableSince, valueDateTime: texts.availableSince });
  }
  for (const code of kind.eligibility ?? []) list.push({ url: EXTENSION.eligibility, valueCode: code });
  for (const code of kind.reasons ?? []) list.push({ url: EXTENSION.reason, valueCode: code });
  for (const code of kind.reorientation ?? []) list.push({ url: EXTENSION.reorientation, valueCode: code });
  if (kind.mode !== null) list.push({ url: EXTENSION.mode, valueCode: kind.mode });
  list.push({
    url: EXTENSION.location,
    valueReference: { reference: `Location/${location.id}`, display: location.name },
  });
  return list;
}

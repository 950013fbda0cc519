import { z } from 'zod';
import { type CodeMaps, translate } from '../../src/adapter/concept-map.ts';
import { issuesOf } from '../../src/adapter/http.ts';
import type {
  Observation,
  ObservedBusy,
  ObservedSlot,
  Rejected,
  Removal,
} from '../../src/adapter/observation.ts';
import type { BusyKind } from '../../src/domain/busy.ts';
import { type Instant, parseInstant } from '../../src/domain/instant.ts';
import { type Interval, interval } from '../../src/domain/interval.ts';
import { ELIGIBILITIES, MODES, REASONS, REORIENTATIONS, type SlotAttributes } from '../../src/domain/slot.ts';
import type { Settings } from './manifest.ts';
import { ours } from './marks.ts';
import { Appointment, Id, Slot } from './wire.ts';

/** Slots and appointments of one schedule as observations. Nothing of a patient is looked at, contained or not. */

export type Calendar = {
  readonly id: string;
  /** Whose appointments take its time, as a reference. */
  readonly actor: string;
};

export type Normalized = {
  readonly rows: Observation[];
  readonly removed: Removal[];
  readonly rejected: Rejected[];
};

export type Normalizer = (calendar: Calendar, resources: readonly unknown[]) => Normalized;

const EXTENSIONS = 'https://passerelle.example/fhir/StructureDefinition/';
export const HELD_UNTIL = `${EXTENSIONS}appointment-held-until`;
/** The code systems whose codes of a Slot are translated; codes of others are the server's own affair. */
const REASON_SYSTEMS = [
  'http://terminology.hl7.org/CodeSystem/v2-0276',
  'https://passerelle.example/fhir/CodeSystem/reason',
];
const MODE_SYSTEMS = ['http://terminology.hl7.org/CodeSystem/v3-ActCode'];

/** R4's required value set appointmentstatus; null = it takes no time. */
const APPOINTMENT_KINDS: ReadonlyMap<string, BusyKind | null> = new Map([
  ['proposed', null],
  ['pending', 'hold'],
  ['booked', 'appointment'],
  ['arrived', 'appointment'],
  ['fulfilled', 'appointment'],
  ['checked-in', 'appointment'],
  ['noshow', 'appointment'],
  ['cancelled', null],
  ['entered-in-error', null],
  ['waitlist', null],
] as const);

/** As France's SAS has it: the comment of a slot is where it is booked. */
const BOOKING_URL = /^https?:\/\/[^\s\p{Cc}]{1,2000}$/u;

const CODE = /^[\w.:-]{1,64}$/;
const shown = (code: string): string => (CODE.test(code) ? code : '(not a code)');

export const keyOf = (type: string, id: string): string => `${type}/${id}`;

export function createNormalizer(maps: CodeMaps, { takenSlots }: Pick<Settings, 'takenSlots'>): Normalizer {
  const attributesOf = createAttributes(maps);

  function addSlot(calendar: Calendar, raw: unknown, to: Normalized): void {
    const slot = read(Slot, raw, to);
    const time = slot && timeOf(slot, raw, to);
    if (!slot || !time || !refersTo(slot.schedule.reference, `Schedule/${calendar.id}`)) return;
    const externalId = keyOf('Slot', slot.id);
    const common = commonOf(calendar, slot, externalId, time);
    const offered = (): ObservedSlot => ({
      kind: 'slot',
      ...common,
      attributes: attributesOf(slot, (reason) => to.rejected.push({ externalId, reason, raw })),
    });
    const closed = (): ObservedBusy => ({
      kind: 'busy',
      ...common,
      busyKind: 'block',
      expiresAt: null,
      changedAt: slot.meta.lastUpdated ?? null,
    });
    const gone = (kind: Removal['kind']) => to.removed.push({ kind, externalId, sequence: null });
    switch (slot.status) {
      case 'free':
        to.rows.push(offered());
        return void gone('busy');
      case 'busy':
      case 'busy-tentative':
        to.rows.push(offered());
        if (takenSlots === 'block') to.rows.push(closed());
        else gone('busy');
        return;
      case 'busy-unavailable':
        to.rows.push(closed());
        return void gone('slot');
      case 'entered-in-error':
        gone('busy');
        return void gone('slot');
      default:
        // What it stands for nobody knows, so nobody may be told that it is free.
        to.rejected.push({ externalId, reason: `unmapped code ${shown(slot.status)} in Slot.status`, raw });
        to.rows.push(closed());
        gone('slot');
    }
  }

  function addAppointment(calendar: Calendar, raw: unknown, to: Normalized): void {
    const appointment = read(Appointment, raw, to);
    if (!appointment) return;
    const externalId = keyOf('Appointment', appointment.id);
    const { status } = appointment;
    const known = APPOINTMENT_KINDS.get(status);
    const isHere = appointment.participant.some(({ actor }) => refersTo(actor?.reference, calendar.actor));
    if (known === null || !isHere) {
      to.removed.push({ kind: 'busy', externalId, sequence: null });
      return;
    }
    if (known === undefined) {
      to.rejected.push({ externalId, reason: `unmapped code ${shown(status)} in Appointment.status`, raw });
    }
    const time = timeOf(appointment, raw, to);
    if (!time) return;
    const mine = ours(appointment.identifier);
    // As of a Slot: closed, since nobody knows.
    const busyKind = mine?.purpose === 'block' ? 'block' : (known ?? 'block');
    to.rows.push({
      kind: 'busy',
      ...commonOf(calendar, appointment, externalId, time),
      busyKind,
      expiresAt: busyKind === 'hold' ? heldUntil(appointment) : null,
      changedAt: appointment.meta.lastUpdated ?? null,
    });
  }

  return (calendar, resources) => {
    const normalized: Normalized = { rows: [], removed: [], rejected: [] };
    for (const raw of resources) {
      const type = TypeOf.safeParse(raw).data?.resourceType;
      if (type === 'Slot') addSlot(calendar, raw, normalized);
      else if (type === 'Appointment') addAppointment(calendar, raw, normalized);
      else
        normalized.rejected.push({ externalId: null, reason: 'resourceType: not what was asked for', raw });
    }
    return normalized;
  };
}

const TypeOf = z.looseObject({ resourceType: z.string() });
const Identified = z.looseObject({ resourceType: z.enum(['Slot', 'Appointment']), id: Id });

function read<Schema extends z.ZodType>(
  schema: Schema,
  raw: unknown,
  to: Normalized,
): z.output<Schema> | null {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const named = Identified.safeParse(raw).data;
  const externalId = named ? keyOf(named.resourceType, named.id) : null;
  to.rejected.push({ externalId, reason: issuesOf(parsed.error), raw });
  return null;
}

type Timed = {
  readonly resourceType: string;
  readonly id: string;
  readonly start?: Instant | undefined;
  readonly end?: Instant | undefined;
};

function timeOf({ resourceType, id, start, end }: Timed, raw: unknown, to: Normalized): Interval | null {
  if (start !== undefined && end !== undefined && start < end) return interval(start, end);
  to.rejected.push({
    externalId: keyOf(resourceType, id),
    reason: 'start, end: not a time that passes',
    raw,
  });
  return null;
}

const commonOf = (
  calendar: Calendar,
  { meta, identifier }: Slot | Appointment,
  externalId: string,
  time: Interval,
) => ({
  externalId,
  calendar: calendar.id,
  interval: time,
  mark: ours(identifier)?.mark ?? null,
  revision: meta.versionId ?? null,
  sequence: null,
});

/** Relative, or absolute as some servers write them; a version that is named is not part of it. */
export const refersTo = (reference: string | undefined, to: string): boolean => {
  const [plain = ''] = (reference ?? '').split('/_history/');
  return plain === to || plain.endsWith(`/${to}`);
};

function heldUntil({ extension }: Appointment): Instant | null {
  const text = extension.find(({ url }) => url === HELD_UNTIL)?.valueInstant;
  return text === undefined ? null : instantIn(text);
}

function instantIn(text: string): Instant | null {
  try {
    return parseInstant(text);
  } catch {
    return null;
  }
}

function createAttributes(maps: CodeMaps): (slot: Slot, report: (reason: string) => void) => SlotAttributes {
  const reason = maps.map('fhir-r4-reason');
  const eligibility = maps.map('fhir-r4-eligibility');
  const reorientation = maps.map('fhir-r4-reorientation');
  const mode = maps.map('fhir-r4-mode');
  return (slot, report) => {
    const unmapped = (element: string) => (code: string) =>
      report(`unmapped code ${shown(code)} in ${element}`);
    const extended = (name: string): string[] =>
      slot.extension.flatMap(({ url, valueCode }) => (url === EXTENSIONS + name ? (valueCode ?? []) : []));
    const said = (codes: readonly string[]) => (codes.length === 0 ? null : [...new Set(codes)]);
    const coded = (concepts: Slot['serviceType'], systems: readonly string[]): string[] =>
      concepts.flatMap(({ coding }) =>
        coding.flatMap(({ system, code }) => (systems.includes(system ?? '') ? (code ?? []) : [])),
      );
    const types = slot.appointmentType ? [slot.appointmentType] : [];
    const reasons = said([...extended('slot-reason'), ...coded(types, REASON_SYSTEMS)]);
    const modes = said([...extended('slot-mode'), ...coded(slot.serviceType, MODE_SYSTEMS)]);
    const since = slot.extension.find(
      ({ url }) => url === `${EXTENSIONS}slot-available-since`,
    )?.valueDateTime;
    const translated = translate(modes, mode, MODES, unmapped('serviceType'));
    return {
      availableSince: since === undefined ? null : instantIn(since),
      eligibility: translate(
        said(extended('slot-eligibility')),
        eligibility,
        ELIGIBILITIES,
        unmapped('slot-eligibility'),
      ),
      reasons: translate(reasons, reason, REASONS, unmapped('appointmentType')),
      reorientation: translate(
        said(extended('slot-reorientation-source')),
        reorientation,
        REORIENTATIONS,
        unmapped('slot-reorientation-source'),
      ),
      // Two ways to be seen are none that is certain.
      mode: translated?.length === 1 ? (translated[0] ?? null) : null,
      bookingUrl: BOOKING_URL.test(slot.comment ?? '') ? (slot.comment ?? null) : null,
    };
  };
}

import { z } from 'zod';
import { type Instant, parseInstant } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { type Finding, findingsOf, isRealDate } from './findings.ts';
import { type Patient, PatientSchema, readPatient } from './read-patient.ts';

/** An R4 Appointment that somebody sent us, checked: R4 4.0.1, Appointment, with its invariants app-1 to app-4. */

export type ReadAppointment = {
  readonly id: string | null;
  readonly status: Status;
  readonly slotId: string | null;
  readonly interval: Interval | null;
  readonly patient: Patient | null;
  readonly comment: string | null;
  /** Literal references of the other participants, as `Practitioner/x`. */
  readonly actors: readonly { readonly reference: string; readonly expression: string }[];
};

export type Reading =
  | { readonly outcome: 'read'; readonly appointment: ReadAppointment }
  | { readonly outcome: 'invalid'; readonly findings: readonly Finding[] };

const STATUSES = [
  'proposed',
  'pending',
  'booked',
  'arrived',
  'fulfilled',
  'cancelled',
  'noshow',
  'entered-in-error',
  'checked-in',
  'waitlist',
] as const;
type Status = (typeof STATUSES)[number];

const WITHOUT_TIMES: readonly Status[] = ['proposed', 'cancelled', 'waitlist'];
const WITH_REASON: readonly Status[] = ['cancelled', 'noshow'];
// The type `instant` of R4: to the second at least, with an offset, and no hour 24 (which Date.parse would take).
const INSTANT = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/;

const InstantText = z
  .string()
  .refine((text) => INSTANT.test(text) && isRealDate(text.slice(0, 10)), {
    message: 'not an instant that exists, to the second and with an offset, as 2026-11-24T09:20:00-05:00',
    params: { code: 'value' },
  })
  .transform((text): Instant => parseInstant(text));

const Participant = z
  .object({
    type: z.array(z.unknown()).optional(),
    actor: z.object({ reference: z.string().optional() }).optional(),
    status: z.enum(['accepted', 'declined', 'tentative', 'needs-action']),
  })
  .refine((each) => each.type !== undefined || each.actor !== undefined, {
    message: 'app-1: either the type or the actor of a participant must be given',
  });

const Appointment = z.object({
  resourceType: z.literal('Appointment'),
  id: z.string().optional(),
  contained: z.array(z.looseObject({ resourceType: z.string() })).optional(),
  modifierExtension: z.array(z.unknown()).optional(),
  status: z.enum(STATUSES),
  cancelationReason: z.unknown().optional(),
  start: InstantText.optional(),
  end: InstantText.optional(),
  slot: z.array(z.object({ reference: z.string().optional() })).optional(),
  comment: z.string().max(2_000).optional(),
  participant: z.array(Participant).min(1).max(50),
});
type Parsed = z.output<typeof Appointment>;

/** Total: whatever the body is, it is read or it comes back with what is wrong, and never with a value of it. */
export function readAppointment(body: unknown): Reading {
  const parsed = Appointment.safeParse(body);
  if (!parsed.success) return { outcome: 'invalid', findings: findingsOf(parsed.error, 'Appointment') };
  const slot = readSlot(parsed.data);
  const people = readPatients(parsed.data);
  const findings = [...invariants(parsed.data), ...slot.findings, ...people.findings];
  if (findings.length > 0) return { outcome: 'invalid', findings };
  const { id, status, start, end, comment } = parsed.data;
  return {
    outcome: 'read',
    appointment: {
      id: id ?? null,
      status,
      slotId: slot.slotId,
      interval: start !== undefined && end !== undefined ? { start, end } : null,
      patient: people.patient,
      comment: comment ?? null,
      actors: people.actors,
    },
  };
}

function invariants({ status, start, end, cancelationReason, modifierExtension }: Parsed): Finding[] {
  const findings: Finding[] = [];
  const broken = (message: string, element: string): void => {
    findings.push({ code: 'invariant', message, expression: `Appointment${element}` });
  };
  if ((start === undefined) !== (end === undefined)) broken('app-2: give both start and end, or neither', '');
  else if (start === undefined && !WITHOUT_TIMES.includes(status)) {
    broken('app-3: only a proposed or cancelled appointment can be without start and end', '');
  } else if (start !== undefined && end !== undefined && !(start < end)) {
    broken('the end must be after the start', '.end');
  }
  if (cancelationReason !== undefined && !WITH_REASON.includes(status)) {
    broken('app-4: only a cancelled appointment or a no-show has a cancelationReason', '.cancelationReason');
  }
  if (modifierExtension !== undefined) {
    const message = 'modifier extensions change the meaning of the rest and none is known here';
    findings.push({ code: 'extension', message, expression: 'Appointment.modifierExtension' });
  }
  return findings;
}

const SLOT = /^Slot\/([A-Za-z0-9\-.]{1,64})$/;

function readSlot({ slot }: Parsed): { slotId: string | null; findings: Finding[] } {
  if (!slot || slot.length === 0) return { slotId: null, findings: [] };
  if (slot.length > 1) {
    const message = 'one appointment is booked on one slot';
    return { slotId: null, findings: [{ code: 'not-supported', message, expression: 'Appointment.slot' }] };
  }
  const slotId = SLOT.exec(slot[0]?.reference ?? '')?.[1] ?? null;
  if (slotId !== null) return { slotId, findings: [] };
  const message = 'a slot of this server is referenced as Slot/<id>';
  return { slotId, findings: [{ code: 'value', message, expression: 'Appointment.slot[0].reference' }] };
}

type People = Pick<ReadAppointment, 'patient' | 'actors'> & { readonly findings: readonly Finding[] };

/** The patient travels inside of the appointment (contained) or not at all: this server keeps no Patient. */
function readPatients({ contained = [], participant }: Parsed): People {
  const findings: Finding[] = [];
  const actors: { reference: string; expression: string }[] = [];
  const referenced = new Set<string>();
  for (const [index, { actor }] of participant.entries()) {
    if (actor?.reference === undefined) continue;
    const expression = `Appointment.participant[${index}].actor.reference`;
    const { reference } = actor;
    if (reference.startsWith('#')) referenced.add(reference.slice(1));
    else if (/(^|\/)Patient\//.test(reference)) {
      const message =
        'this server keeps no Patient: put the patient in Appointment.contained and refer to it by #id';
      findings.push({ code: 'not-supported', message, expression });
    } else actors.push({ reference, expression });
  }
  let patient: Patient | null = null;
  for (const [index, resource] of contained.entries()) {
    const expression = `Appointment.contained[${index}]`;
    if (!referenced.delete(String(resource['id']))) {
      findings.push({ code: 'invariant', message: 'dom-3: no participant refers to it', expression });
    } else if (resource.resourceType !== 'Patient' || patient) {
      const message = 'one patient is booked, and nothing else is contained';
      findings.push({ code: 'not-supported', message, expression });
    } else {
      const parsed = PatientSchema.safeParse(resource);
      if (!parsed.success) findings.push(...findingsOf(parsed.error, expression));
      else {
        const read = readPatient(parsed.data, expression);
        patient = read.patient;
        findings.push(...read.findings);
      }
    }
  }
  if (referenced.size > 0) {
    const message = 'a participant refers to a contained resource that is not there';
    findings.push({ code: 'invariant', message, expression: 'Appointment.participant' });
  }
  return { patient, actors, findings };
}

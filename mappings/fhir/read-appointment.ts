import { z } from 'zod';
import { APPOINTMENT_STATUSES, type AppointmentStatus } from '../../src/domain/appointment-status.ts';
import type { Interval } from '../../src/domain/interval.ts';
import type { Bilingual } from '../../src/domain/schedule.ts';
import { SYSTEM } from './canonical.ts';
import { type Finding, parseAs, refusal } from './findings.ts';
import { InstantText } from './instant-text.ts';
import { type Patient, PatientSchema, readPatient } from './read-patient.ts';
import { endsTooSoon, unknownModifier } from './validation/words.ts';

/** An R4 Appointment that somebody sent us, checked: R4 4.0.1, Appointment, with its invariants app-1 to app-4. */

export type ReadAppointment = {
  readonly id: string | null;
  readonly status: AppointmentStatus;
  readonly slotId: string | null;
  readonly interval: Interval | null;
  /** In the body. */
  readonly patient: Patient | null;
  /** One who is kept at the server, referred to instead. */
  readonly keptPatient: {
    readonly id: string;
    readonly reference: string;
    readonly expression: string;
  } | null;
  readonly comment: string | null;
  /** Each once; null = it says nothing of them. */
  readonly identifiers: readonly Identifier[] | null;
  /** Literal references of the other participants, as `Practitioner/x`. */
  readonly actors: readonly { readonly reference: string; readonly expression: string }[];
};

type Identifier = { readonly system: string | null; readonly value: string };

export type Reading =
  | { readonly outcome: 'read'; readonly appointment: ReadAppointment }
  | { readonly outcome: 'invalid'; readonly findings: readonly Finding[] };

const WITHOUT_TIMES: readonly AppointmentStatus[] = ['proposed', 'cancelled', 'waitlist'];
const WITH_REASON: readonly AppointmentStatus[] = ['cancelled', 'noshow'];
const Participant = z
  .object({
    type: z.array(z.unknown()).optional(),
    actor: z.object({ reference: z.string().optional() }).optional(),
    status: z.enum(['accepted', 'declined', 'tentative', 'needs-action']),
  })
  .refine(
    (each) => each.type !== undefined || each.actor !== undefined,
    refusal({
      fr: 'app-1 : il faut le type ou l’acteur d’un participant',
      en: 'app-1: either the type or the actor of a participant must be given',
    }),
  );

const IDENTIFIERS_MAX = 5;
const IDENTIFIER_LENGTH_MAX = 255;

/** By which a caller knows its appointment. It is served to everybody who may read appointments, and kept. */
const Identifier = z
  .object({
    // R4, datatypes.html: a uri has no whitespace.
    system: z
      .string()
      .regex(/^[^\s\p{Cc}]+$/u)
      .max(IDENTIFIER_LENGTH_MAX)
      .optional(),
    value: z
      .string()
      .regex(/^(?=[^\S\p{Cc}]*[^\s\p{Cc}])[^\p{Cc}]*$/u)
      .max(IDENTIFIER_LENGTH_MAX),
  })
  .refine(
    ({ system }) => system !== SYSTEM.nam,
    refusal(
      {
        fr: 'un numéro d’assurance maladie (NAM) désigne un patient et non un rendez-vous : mettez-le dans le Patient contenu',
        en: 'a health insurance number (NAM) is of a patient, not of an appointment: put it into the contained Patient',
      },
      'value',
    ),
  );

const Appointment = z.object({
  resourceType: z.literal('Appointment'),
  id: z.string().optional(),
  contained: z.array(z.looseObject({ resourceType: z.string() })).optional(),
  modifierExtension: z.array(z.unknown()).optional(),
  identifier: z.array(Identifier).min(1).max(IDENTIFIERS_MAX).optional(),
  status: z.enum(APPOINTMENT_STATUSES),
  cancelationReason: z.unknown().optional(),
  start: InstantText.optional(),
  end: InstantText.optional(),
  slot: z.array(z.object({ reference: z.string().optional() })).optional(),
  comment: z.string().max(2_000).optional(),
  participant: z.array(Participant).min(1).max(50),
});
type Read = z.output<typeof Appointment>;

/** Total: whatever the body is, it is read or it comes back with what is wrong, and never with a value of it. */
export function readAppointment(body: unknown): Reading {
  const parsed = parseAs(Appointment, body, 'Appointment');
  if (!parsed.ok) return { outcome: 'invalid', findings: parsed.findings };
  const slot = readSlot(parsed.data);
  const people = readPatients(parsed.data);
  const findings = [...invariants(parsed.data), ...slot.findings, ...people.findings];
  if (findings.length > 0) return { outcome: 'invalid', findings };
  const { id, status, start, end, comment, identifier } = parsed.data;
  return {
    outcome: 'read',
    appointment: {
      id: id ?? null,
      status,
      slotId: slot.slotId,
      interval: start !== undefined && end !== undefined ? { start, end } : null,
      patient: people.patient,
      keptPatient: people.keptPatient,
      comment: comment ?? null,
      identifiers: identifier ? eachOnce(identifier) : null,
      actors: people.actors,
    },
  };
}

function eachOnce(list: NonNullable<Read['identifier']>): Identifier[] {
  const found = new Map(
    list.map(({ system = null, value }) => [`${system ?? ''} ${value}`, { system, value }]),
  );
  return [...found.values()];
}

function invariants({ status, start, end, cancelationReason, modifierExtension }: Read): Finding[] {
  const findings: Finding[] = [];
  const broken = (message: Bilingual, element: string): void => {
    findings.push({ code: 'invariant', message, expression: `Appointment${element}` });
  };
  if ((start === undefined) !== (end === undefined))
    broken(
      {
        fr: 'app-2 : donnez le début et la fin, ou ni l’un ni l’autre',
        en: 'app-2: give both start and end, or neither',
      },
      '',
    );
  else if (start === undefined && !WITHOUT_TIMES.includes(status)) {
    broken(
      {
        fr: 'app-3 : seul un rendez-vous proposé ou annulé peut être sans début ni fin',
        en: 'app-3: only a proposed or cancelled appointment can be without start and end',
      },
      '',
    );
  } else if (start !== undefined && end !== undefined && !(start < end)) {
    findings.push(endsTooSoon('Appointment.end'));
  }
  if (cancelationReason !== undefined && !WITH_REASON.includes(status)) {
    broken(
      {
        fr: 'app-4 : seul un rendez-vous annulé ou manqué a un cancelationReason',
        en: 'app-4: only a cancelled appointment or a no-show has a cancelationReason',
      },
      '.cancelationReason',
    );
  }
  if (modifierExtension !== undefined) {
    findings.push(unknownModifier('Appointment.modifierExtension'));
  }
  return findings;
}

const SLOT = /^Slot\/([A-Za-z0-9\-.]{1,64})$/;

function readSlot({ slot }: Read): { slotId: string | null; findings: Finding[] } {
  if (!slot || slot.length === 0) return { slotId: null, findings: [] };
  if (slot.length > 1) {
    const message = {
      fr: 'un rendez-vous se réserve sur une seule plage',
      en: 'one appointment is booked on one slot',
    };
    return { slotId: null, findings: [{ code: 'not-supported', message, expression: 'Appointment.slot' }] };
  }
  const slotId = SLOT.exec(slot[0]?.reference ?? '')?.[1] ?? null;
  if (slotId !== null) return { slotId, findings: [] };
  const message = {
    fr: 'une plage de ce serveur se désigne par Slot/<id>',
    en: 'a slot of this server is referenced as Slot/<id>',
  };
  return { slotId, findings: [{ code: 'value', message, expression: 'Appointment.slot[0].reference' }] };
}

const ONE_PATIENT = {
  fr: 'on réserve pour un seul patient, et rien d’autre n’est contenu',
  en: 'one patient is booked, and nothing else is contained',
};

const ELSEWHERE = {
  fr: 'un patient gardé ici se désigne par Patient/<id>; tout autre se met dans Appointment.contained et se désigne par #id',
  en: 'a patient who is kept here is referenced as Patient/<id>; any other is put in Appointment.contained, referenced as #id',
};

type People = Pick<ReadAppointment, 'patient' | 'keptPatient' | 'actors'> & {
  readonly findings: readonly Finding[];
};

const PATIENT = /^Patient\/([A-Za-z0-9\-.]{1,64})$/;

/** The patient travels inside of the appointment (contained), is one who is kept here, or is not told at all. */
function readPatients({ contained = [], participant }: Read): People {
  const findings: Finding[] = [];
  const actors: { reference: string; expression: string }[] = [];
  const referenced = new Set<string>();
  let keptPatient: People['keptPatient'] = null;
  for (const [index, { actor }] of participant.entries()) {
    if (actor?.reference === undefined) continue;
    const expression = `Appointment.participant[${index}].actor.reference`;
    const { reference } = actor;
    if (reference.startsWith('#')) referenced.add(reference.slice(1));
    else if (/(^|\/)Patient\//.test(reference)) {
      const id = PATIENT.exec(reference)?.[1];
      if (id === undefined) findings.push({ code: 'not-supported', message: ELSEWHERE, expression });
      else if (keptPatient) findings.push({ code: 'not-supported', message: ONE_PATIENT, expression });
      else keptPatient = { id, reference, expression };
    } else actors.push({ reference, expression });
  }
  let patient: Patient | null = null;
  for (const [index, resource] of contained.entries()) {
    const expression = `Appointment.contained[${index}]`;
    if (!referenced.delete(String(resource['id']))) {
      const message = {
        fr: 'dom-3 : aucun participant ne s’y rapporte',
        en: 'dom-3: no participant refers to it',
      };
      findings.push({ code: 'invariant', message, expression });
    } else if (resource.resourceType !== 'Patient' || patient || keptPatient) {
      findings.push({ code: 'not-supported', message: ONE_PATIENT, expression });
    } else {
      const parsed = parseAs(PatientSchema, resource, expression);
      if (!parsed.ok) findings.push(...parsed.findings);
      else {
        const read = readPatient(parsed.data, expression);
        patient = read.patient;
        findings.push(...read.findings);
      }
    }
  }
  if (referenced.size > 0) {
    const message = {
      fr: 'un participant se rapporte à une ressource contenue qui n’y est pas',
      en: 'a participant refers to a contained resource that is not there',
    };
    findings.push({ code: 'invariant', message, expression: 'Appointment.participant' });
  }
  return { patient, keptPatient, actors, findings };
}

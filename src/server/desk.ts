import express, { type Request, type Router } from 'express';
import type { z } from 'zod';
import { nameOf, type Principal, permits } from '../domain/access.ts';
import { DAY, formatInstant, type Instant, instant, MINUTE } from '../domain/instant.ts';
import { type Interval, interval } from '../domain/interval.ts';
import type { Bilingual } from '../domain/schedule.ts';
import type { Agenda } from '../engine/ports/agenda.ts';
import type { Desk, Met, Once, Override, PlaceOutcome, ReplaceOutcome, Taken } from '../engine/ports/desk.ts';
import { require as needs } from '../fhir/authorize.ts';
import { incomingPatient } from '../fhir/incoming-patient.ts';
import { type Issue, Refused } from '../fhir/outcomes.ts';
import { maySeePatients } from '../fhir/patient-access.ts';
import { type PatientDependencies, patientsById } from '../fhir/patients.ts';
import { periodJson } from './agenda-json.ts';
import type { Audit } from './auditing.ts';
import { callerOf, requireDuty } from './authentication.ts';
import * as routes from './contract/agenda.ts';
import { idIn } from './ids.ts';
import { mount } from './mount.ts';

/** What people of the clinic do with time: close it, open it, and book where no slot is. */

export type DeskDependencies = {
  readonly agenda: Agenda;
  readonly desk: Desk;
  readonly patients: PatientDependencies;
  readonly audit: Audit;
};

const BLOCK_DAYS_MAX = 366;
const APPOINTMENT_DAYS_MAX = 1;

export function deskApi(dependencies: DeskDependencies): Router {
  const router = express.Router();
  blocks(router, dependencies);
  appointments(router, dependencies);
  return router;
}

function blocks(router: Router, { agenda, desk, audit }: DeskDependencies): void {
  mount(router, routes.closeTime, async ({ request, body, reply }) => {
    const caller = callerOf(request);
    needs(caller, [{ type: 'Slot', permission: 'c' }]);
    const { schedule: scheduleId, start, end, reason = null } = await body();
    const window = timeOf(start, end, BLOCK_DAYS_MAX);
    const closed = await desk.closeTime({ scheduleId, interval: window, reason, ...onceOf(request) });
    if (closed.outcome !== 'closed') throw refused(closed.outcome);
    await audit(request, {
      type: 'time.closed',
      action: 'C',
      entities: [`Schedule/${scheduleId}`, `Block/${closed.id}`],
      detail: { ...times(window), ...(reason === null ? {} : { reason }) },
    });
    return reply(201, {
      period: await shown(agenda, closed.id),
      meets: mayReadAppointments(caller) ? closed.meets.map(metJson) : null,
    });
  });

  mount(router, routes.openTime, async ({ request, params, reply }) => {
    needs(callerOf(request), [{ type: 'Slot', permission: 'd' }]);
    const id = idIn(params.id, unknownBlock);
    const opened = await desk.openTime(id);
    if (opened.outcome === 'unknown') throw unknownBlock();
    if (opened.outcome === 'elsewhere')
      throw new Refused('slot-not-editable', { diagnostics: opened.reason, expression: 'http.id' });
    await audit(request, { type: 'time.opened', action: 'D', entities: [`Block/${id}`] });
    return reply(200, { period: await shown(agenda, id) });
  });
}

function appointments(router: Router, dependencies: DeskDependencies): void {
  const { desk, patients, audit } = dependencies;

  mount(router, routes.placeAppointment, async ({ request, body: sent, reply }) => {
    const caller = callerOf(request);
    needs(caller, [{ type: 'Appointment', permission: 'c' }]);
    const body = await sent();
    const override = overrideOf(body.override, caller);
    const { schedule: scheduleId, comment = null } = body;
    const window = timeOf(body.start, body.end, APPOINTMENT_DAYS_MAX);
    const who = await incomingPatient(patients, body.patient);
    const placed = placedOf(
      await desk.placeAppointment({
        ...{ scheduleId, interval: window, ...who, comment, override, ...onceOf(request) },
      }),
    );
    return reply(201, await answered(dependencies, request, placed, 'appointment.placed', override));
  });

  mount(router, routes.replaceAppointment, async ({ request, params, body: sent, reply }) => {
    const caller = callerOf(request);
    needs(caller, [{ type: 'Appointment', permission: 'u' }]);
    const id = idIn(params.id, unknownAppointment);
    const body = await sent();
    const override = overrideOf(body.override, caller);
    const window = timeOf(body.start, body.end, APPOINTMENT_DAYS_MAX);
    movedOf(await desk.replaceAppointment({ id, interval: window, override, by: nameOf(caller) }));
    return reply(200, await answered(dependencies, request, id, 'appointment.moved', override));
  });

  async function answered(
    { agenda }: DeskDependencies,
    request: Request,
    id: string,
    type: 'appointment.placed' | 'appointment.moved',
    override: Override | null,
  ) {
    const period = await agenda.period(id);
    if (!period) throw unknownAppointment();
    const patientId = period.appointment?.patientId ?? null;
    await audit(request, {
      type,
      action: type === 'appointment.placed' ? 'C' : 'U',
      entities: [
        `Appointment/${id}`,
        `Schedule/${period.scheduleId}`,
        ...(patientId === null ? [] : [`Patient/${patientId}`]),
      ],
      detail: {
        ...times(period.interval),
        ...(override ? { override: override.reason, conflicts: String(period.conflicts.length) } : {}),
      },
    });
    const isShown = patientId !== null && maySeePatients({ caller: callerOf(request) });
    return { period: periodJson(period, isShown ? await patientsById(patients, [patientId]) : new Map()) };
  }
}

const KEY = /^[\x21-\x7e]{1,255}$/;

/** @throws Refused */
function onceOf(request: Request): Once {
  const key = request.get('idempotency-key') ?? null;
  if (key === null || KEY.test(key)) return { by: nameOf(callerOf(request)), key };
  throw new Refused('invalid-parameter', {
    diagnostics: {
      fr: 'Idempotency-Key : un texte sans espace de 255 caractères ASCII au plus, comme un UUID',
      en: 'Idempotency-Key: a text without spaces of 255 ASCII characters at the most, such as a UUID',
    },
    expression: 'http.Idempotency-Key',
  });
}

/** Many platforms keep no less, and would never show what was written there. */
const NO_MINUTE: Bilingual = {
  fr: 'start et end sont à la minute entière',
  en: 'start and end are whole minutes',
};

/** @throws Refused */
function timeOf(startText: string, endText: string, daysMax: number): Interval {
  const [start, end] = [instant(Date.parse(startText)), instant(Date.parse(endText))];
  if ([start, end].some((at) => at % MINUTE !== 0)) {
    throw new Refused('invalid-resource', { diagnostics: NO_MINUTE, expression: 'start' });
  }
  if (start < end && end - start <= daysMax * DAY) return interval(start, end);
  throw new Refused('invalid-resource', {
    diagnostics: {
      fr: `la fin doit suivre le début, de ${daysMax} jours au plus`,
      en: `the end must come after the start, by ${daysMax} days at the most`,
    },
    expression: 'end',
  });
}

/** Who books over others' time answers for it. @throws Refused */
function overrideOf(
  given: z.output<typeof routes.PlaceAppointment>['override'],
  caller: Principal,
): Override | null {
  if (!given) return null;
  requireDuty(caller, 'operate');
  return { reason: given.reason };
}

/** @throws Refused unless it was placed. */
function placedOf(outcome: PlaceOutcome): string {
  if (outcome.outcome === 'placed') return outcome.id;
  if (outcome.outcome === 'taken') throw taken(outcome);
  throw refused(outcome.outcome);
}

/** @throws Refused unless it was moved. */
function movedOf(outcome: ReplaceOutcome): void {
  switch (outcome.outcome) {
    case 'moved':
      return;
    case 'taken':
      throw taken(outcome);
    case 'unknown-appointment':
      throw unknownAppointment();
    case 'not-movable':
      throw new Refused('not-movable', { diagnostics: outcome.reason });
    case 'too-late':
      throw new Refused('too-late-to-move', { diagnostics: lateSince(outcome.until) });
    case 'passed':
      throw refused('passed');
  }
}

const lateSince = (until: Instant): Bilingual => ({
  fr: `selon la règle de son horaire, c’était possible jusqu’à ${formatInstant(until)}`,
  en: `by the rule of its schedule it was possible until ${formatInstant(until)}`,
});

const IN_THE_WAY: Record<Taken['status'], Bilingual> = {
  busy: { fr: 'un rendez-vous', en: 'an appointment' },
  'busy-tentative': {
    fr: 'un rendez-vous retenu pour quelqu’un',
    en: 'an appointment that is held for somebody',
  },
  'busy-unavailable': { fr: 'une absence', en: 'closed time' },
};

const taken = ({ status }: Taken): Refused =>
  new Refused('slot-taken', {
    diagnostics: {
      fr: `cette heure n’est pas libre, il y a ${IN_THE_WAY[status].fr} : choisissez-en une autre, ou passez outre avec override`,
      en: `that time is not free, there is ${IN_THE_WAY[status].en}: choose another, or book over it with override`,
    },
    expression: 'start',
  });

const REFUSALS: Record<'unknown-schedule' | 'passed' | 'patients-not-kept' | 'key-used', Issue> = {
  'key-used': {
    code: 'duplicate',
    diagnostics: {
      fr: 'cette Idempotency-Key a servi à autre chose : donnez-en une nouvelle à chaque demande',
      en: 'this Idempotency-Key was used for something else: give each request a new one',
    },
    expression: 'http.Idempotency-Key',
  },
  'unknown-schedule': {
    code: 'not-found',
    diagnostics: {
      fr: 'aucun horaire n’a cet id : voyez GET /fhir/Schedule',
      en: 'no schedule has this id: see GET /fhir/Schedule',
    },
    expression: 'schedule',
  },
  passed: {
    code: 'business-rule',
    diagnostics: {
      fr: 'la fin est passée : donnez une heure à venir',
      en: 'the end has passed: give a time to come',
    },
    expression: 'end',
  },
  'patients-not-kept': {
    code: 'not-supported',
    diagnostics: {
      fr: 'aucune plateforme ne saurait qui vient, et la clinique ne garde pas les patients (patients.keepDays vaut 0) : réservez une plage, ou n’envoyez pas de patient et notez-le chez vous',
      en: 'no platform would know who comes, and the clinic keeps no patients (patients.keepDays is 0): book a slot, or send no patient and keep a note of your own',
    },
    expression: 'patient',
  },
};

const refused = (name: keyof typeof REFUSALS): Refused => new Refused('invalid-resource', REFUSALS[name]);

const unknownBlock = (): Refused =>
  new Refused('not-found', {
    diagnostics: {
      fr: 'aucune absence n’a cet id : voyez GET /api/agenda',
      en: 'no closed time has this id: see GET /api/agenda',
    },
  });

const unknownAppointment = (): Refused =>
  new Refused('not-found', {
    diagnostics: {
      fr: 'aucun rendez-vous n’a cet id : voyez GET /api/agenda',
      en: 'no appointment has this id: see GET /api/agenda',
    },
  });

/** A block has no patient. */
async function shown(agenda: Agenda, id: string) {
  const period = await agenda.period(id);
  if (!period) throw unknownBlock();
  return periodJson(period, new Map());
}

const mayReadAppointments = (caller: Principal): boolean =>
  (['r', 's'] as const).every((permission) => permits(caller, { type: 'Appointment', permission }));

const metJson = ({ id, kind, scheduleId, interval: time }: Met) => ({
  id,
  kind,
  schedule: scheduleId,
  ...times(time),
});

const times = ({ start, end }: Interval) => ({ start: formatInstant(start), end: formatInstant(end) });

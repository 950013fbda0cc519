import express, { type Router } from 'express';
import { permits } from '../domain/access.ts';
import type { Directory } from '../domain/directory.ts';
import { DAY, formatInstant } from '../domain/instant.ts';
import { type Interval, interval } from '../domain/interval.ts';
import type { Agenda, SeenPeriod } from '../engine/ports/agenda.ts';
import type { Offerings } from '../engine/ports/offerings.ts';
import { require as needs } from '../fhir/authorize.ts';
import { Refused } from '../fhir/outcomes.ts';
import { maySeePatients } from '../fhir/patient-access.ts';
import { type PatientDependencies, patientsById } from '../fhir/patients.ts';
import { periodJson, scheduleJson, slotJson } from './agenda-json.ts';
import type { Audit } from './auditing.ts';
import { callerOf } from './authentication.ts';
import { readAgenda } from './contract/agenda.ts';
import { mount } from './mount.ts';
import { instantIn } from './period.ts';

/** The time of some practitioners: what is on offer, what is taken and by whom, and how each stands at every platform. */

export type AgendaDependencies = {
  readonly directory: Directory;
  readonly agenda: Agenda;
  readonly offerings: Pick<Offerings, 'schedules'>;
  readonly patients: PatientDependencies;
  readonly audit: Audit;
};

const DAYS_MAX = 35;
/** A large clinic has fewer; a page that shows more of them at once shows nothing. */
const SCHEDULES_MAX = 200;

export function agendaApi({ directory, agenda, offerings, patients, audit }: AgendaDependencies): Router {
  const router = express.Router();

  /** As reading Slot through FHIR; appointments and patients for who may read those. */
  mount(router, readAgenda, async ({ request, query, reply }) => {
    const caller = callerOf(request);
    needs(caller, [
      { type: 'Slot', permission: 'r' },
      { type: 'Slot', permission: 's' },
    ]);
    const shows = {
      appointments: (['r', 's'] as const).every((permission) =>
        permits(caller, { type: 'Appointment', permission }),
      ),
      patients: maySeePatients({ caller }),
    };
    const { from, before, schedule } = query();
    const window = windowOf(from, before);
    const scheduleIds = schedulesOf(schedule, directory);
    const page = await agenda.read({ scheduleIds, window, withAppointments: shows.appointments });
    if (!page) throw tooMuch();
    const who = shows.patients ? await patientsById(patients, patientsIn(page.periods)) : new Map();
    if (who.size > 0) {
      await audit(request, {
        type: 'agenda.read',
        action: 'R',
        entities: [
          ...scheduleIds.map((id) => `Schedule/${id}`),
          ...[...who.keys()].map((id) => `Patient/${id}`),
        ],
        detail: { from: formatInstant(window.start), before: formatInstant(window.end) },
      });
    }
    return reply(200, {
      at: formatInstant(page.at),
      shows,
      schedules: scheduleIds.map((id) => scheduleJson(directory, agenda, offerings.schedules, id)),
      slots: page.slots.map(slotJson),
      periods: page.periods.map((period) => periodJson(period, who)),
    });
  });

  return router;
}

const patientsIn = (periods: readonly SeenPeriod[]): string[] => [
  ...new Set(periods.flatMap(({ appointment }) => appointment?.patientId ?? [])),
];

/** @throws Refused */
function windowOf(from: string, before: string): Interval {
  const [start, end] = [instantIn(from, 'http.from'), instantIn(before, 'http.before')];
  if (start < end && end - start <= DAYS_MAX * DAY) return interval(start, end);
  throw new Refused('invalid-parameter', {
    diagnostics: {
      fr: `before : après from, et de ${DAYS_MAX} jours au plus; demandez le reste à part`,
      en: `before: after from, and by ${DAYS_MAX} days at the most; ask for the rest apart`,
    },
    expression: 'http.before',
  });
}

/** All where none is named. @throws Refused */
function schedulesOf(given: readonly string[] | undefined, directory: Directory): readonly string[] {
  const wanted = given ?? directory.entries.schedules.map(({ id }) => id);
  const ids = [...new Set(wanted)];
  if (ids.length > SCHEDULES_MAX) throw tooMuch();
  if (ids.every((id) => directory.hasSchedule(id))) return ids;
  throw new Refused('invalid-parameter', {
    diagnostics: {
      fr: 'schedule : l’id d’un horaire, répété pour plusieurs; voyez GET /fhir/Schedule',
      en: 'schedule: the id of a schedule, repeated for several; see GET /fhir/Schedule',
    },
    expression: 'http.schedule',
  });
}

const tooMuch = (): Refused =>
  new Refused('invalid-parameter', {
    diagnostics: {
      fr: 'c’est plus qu’une réponse n’en contient (200 horaires, 20 000 plages, 10 000 périodes) : nommez des horaires par schedule=, ou rapprochez from et before',
      en: 'this is more than one answer has (200 schedules, 20,000 slots, 10,000 periods): name schedules by schedule=, or bring from and before closer together',
    },
    expression: 'http.before',
  });

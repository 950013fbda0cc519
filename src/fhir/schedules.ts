import { PROFILE, SYSTEM } from '../../mappings/fhir/canonical.ts';
import { scheduleResource } from '../../mappings/fhir/directory.ts';
import { scheduleContexts } from '../../mappings/fhir/documents.ts';
import type { Directory } from '../domain/directory.ts';
import { ON_OFFER } from '../domain/offering.ts';
import { onceFor } from '../domain/once.ts';
import type { Schedule } from '../domain/schedule.ts';
import type { OfferedSchedule, Offerings } from '../engine/ports/offerings.ts';
import type { Graph } from './graph.ts';
import { type KeptType, kept } from './kept.ts';
import { ACTIVE_PARAMETER, activeTokens, type Item, period, reference, token } from './kept-parameters.ts';
import type { Past } from './kept-versions.ts';
import { generateSlotsOperation } from './operations/generate-slots/operation.ts';
import type { Resource } from './resource.ts';
import { patchSchedule, type ScheduleWriteDependencies, updateSchedule } from './schedule-writes.ts';

/** Schedule: the configuration, with what was last written of it. */

export function schedules(directory: Directory, offerings: Offerings, past: Past, graph: Graph): Resource {
  const resource = kept(scheduleType(directory, offerings), past, graph);
  const writes: ScheduleWriteDependencies = {
    directory,
    offerings,
    readSchedule: (id, context) => resource.read(id, { parameters: [], context, strict: false }),
  };
  return {
    ...resource,
    profile: PROFILE.Schedule,
    operations: { 'generate-slots': generateSlotsOperation({ directory, offerings }) },
    update: (request) => updateSchedule(writes, request),
    patch: (request) => patchSchedule(writes, request),
    instead: {
      fr: 'qui offre quoi, et où, est dans la configuration; pour retirer un horaire : active false',
      en: 'who offers what, and where, is the configuration; to take a schedule off offer: active false',
    },
  };
}

const ACTOR_TYPES = ['Practitioner', 'Location', 'HealthcareService'];

function scheduleType(directory: Directory, offerings: Offerings): KeptType {
  const { schedules: offered } = offerings;
  const itemOf = itemWriter(directory);
  const items = directory.entries.schedules.map((schedule) =>
    onceFor(
      () => offered.of(schedule.id),
      (written) => itemOf(schedule, written),
    ),
  );
  return {
    type: 'Schedule',
    documentation:
      'An actor at a location for a service. PUT and PATCH change active, planningHorizon and comment, and nothing else: ' +
      'slots that are not on offer are closed on every platform.',
    parameters: [
      reference('actor', ACTOR_TYPES),
      ACTIVE_PARAMETER,
      period(
        'date',
        'When it is on offer (planningHorizon): without a prefix, on that date or some of it. ' +
          'Without a planningHorizon, or where a side of it is open, there is no bound.',
      ),
      token('service-type'),
      token('specialty'),
    ],
    includes: ['Schedule:actor'],
    revincludes: [],
    // Thousands of slots refer to one: they are searched for, not included.
    has: ['Slot:schedule'],
    items: onceFor(offered.revision, () => items.map((item) => item())),
  };
}

function itemWriter(directory: Directory): (schedule: Schedule, written: OfferedSchedule | null) => Item {
  const contextOf = scheduleContexts(directory);
  return (schedule, written) => {
    const context = contextOf(schedule.id);
    const { active, start, end } = written ?? ON_OFFER;
    return {
      resource: scheduleResource(schedule, context, written),
      written,
      tokens: {
        ...activeTokens(active),
        'service-type': [{ system: SYSTEM.service, code: schedule.serviceId }],
        specialty: context.service.specialty ?? [],
      },
      references: {
        actor: [
          `Practitioner/${schedule.practitionerId}`,
          `Location/${schedule.locationId}`,
          `HealthcareService/${schedule.serviceId}`,
        ],
      },
      periods: { date: { start, end } },
    };
  };
}

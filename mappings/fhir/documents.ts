import type { BusyPeriod } from '../../src/domain/busy.ts';
import type { Directory } from '../../src/domain/directory.ts';
import type { ScheduleState } from '../../src/engine/ports/offerings.ts';
import { appointmentResource } from './appointment.ts';
import { type ScheduleContext, scheduleResource } from './directory.ts';
import { slotWriter } from './slot-text.ts';

/** What a schedule's ids stand for. @throws RangeError on a schedule, or a part of one, that is not configured. */
export function scheduleContexts(directory: Directory): (scheduleId: string) => ScheduleContext {
  const { practitioners, locations, services, schedules } = directory.entries;
  const byId = <T extends { readonly id: string }>(list: readonly T[]) =>
    new Map(list.map((entry) => [entry.id, entry]));
  const [practitioner, location, service] = [byId(practitioners), byId(locations), byId(services)];
  const contexts = new Map<string, ScheduleContext>();
  for (const schedule of schedules) {
    const context = {
      practitioner: practitioner.get(schedule.practitionerId),
      location: location.get(schedule.locationId),
      service: service.get(schedule.serviceId),
    };
    if (isComplete(context)) contexts.set(schedule.id, context);
  }
  return (scheduleId) => {
    const found = contexts.get(scheduleId);
    if (found) return found;
    throw new RangeError(
      `schedule ${scheduleId}, or its practitioner, location or service, is not configured`,
    );
  };
}

type Maybe<T> = { readonly [Key in keyof T]: T[Key] | undefined };

const isComplete = (context: Maybe<ScheduleContext>): context is ScheduleContext =>
  context.practitioner !== undefined && context.location !== undefined && context.service !== undefined;

/**
 * The port Documents of the engine (src/engine/ports/documents.ts), which knows no FHIR: JSON text up to, and
 * without, the closing brace; status and meta follow when it is served.
 */
export function documents(directory: Directory) {
  const contextOf = scheduleContexts(directory);
  return {
    slot: slotWriter(contextOf),
    appointment: (
      busy: BusyPeriod,
      options: { readonly slotId: string | null; readonly comment: string | null },
    ): string =>
      JSON.stringify(appointmentResource(busy, { ...contextOf(busy.scheduleId), ...options })).slice(0, -1),
    schedule: (scheduleId: string, state: ScheduleState | null): string =>
      JSON.stringify(scheduleResource(directory.schedule(scheduleId), contextOf(scheduleId), state)),
    commentIn: (document: string): string | null =>
      (JSON.parse(`${document}}`) as { readonly comment?: string }).comment ?? null,
  };
}

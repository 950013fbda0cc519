import { z } from 'zod';
import { storableText } from '../../src/adapter/texts.ts';

/**
 * The JSON of OSCAR's schedule service (src/main/java/org/oscarehr/ws/rest/ScheduleService.java and the classes that it
 * answers with). Names, reasons and all else of the patient are not read.
 */

/** Of one provider and one day. */
const ROWS_MAX = 2000;

export const Id = z.int().min(0);

/** `hh:mm aa` of Java: which of the two 12 o'clock comes first is the trap of it. Java in French writes a.m. and p.m. */
export const HalfDayTime = z
  .string()
  .max(20)
  .transform((text, context): string => {
    const found = /^(0?[1-9]|1[0-2]):([0-5]\d)\s?([ap])\.?\s?m\.?$/i.exec(text);
    if (!found) {
      context.addIssue({ code: 'custom', message: 'not a time as hh:mm aa' });
      return z.NEVER;
    }
    const [, hour = '', minute = '', half = ''] = found;
    const hours = (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
    return `${String(hours).padStart(2, '0')}:${minute}`;
  });

/**
 * `1H 14m `, as OSCAR shows the time from start to end: an hour of zero and a minute of zero are left out. The end is the
 * last minute that is taken, so the appointment is one minute longer. Of an end before the start it shows nothing, and
 * the same of one minute: which of the two it is cannot be told, so neither is read.
 */
export const Duration = z
  .string()
  .max(20)
  .transform((text, context): number => {
    const found = /^(?:(\d{1,2})H )?(?:(\d{1,2})m )?$/.exec(text);
    if (!found || text === '') {
      context.addIssue({ code: 'custom', message: 'not a duration' });
      return z.NEVER;
    }
    return Number(found[1] ?? 0) * 60 + Number(found[2] ?? 0) + 1;
  });

export const DayAppointment = z.object({
  appointmentNo: Id,
  demographicNo: Id,
  status: storableText(10).min(1),
  startTime: HalfDayTime,
  /** Minutes, once it is read. */
  duration: Duration,
  notes: z.string().nullish(),
});
export type DayAppointment = z.output<typeof DayAppointment>;

/** Rows are checked one by one, so that a bad one does not hide the others. */
export const DayList = z.object({ patients: z.array(z.unknown()).max(ROWS_MAX) });

export const Statuses = z.object({ content: z.array(z.unknown()), total: z.int() });

/** ProviderTo1, as far as it is read. */
export const Provider = z.object({
  providerNo: storableText(20).min(1),
  firstName: storableText(200).nullish(),
  lastName: storableText(200).nullish(),
});
export const Providers = z.object({ content: z.array(z.unknown()).max(ROWS_MAX) });

export const Added = z.object({ appointment: z.object({ id: Id }) });

/** What `/add` takes: local times, and the length in minutes with no last minute left out. */
export const NewAppointment = z.object({
  providerNo: z.string().min(1),
  /** ISO date. */
  appointmentDate: z.string(),
  /** HH:mm of 24 hours: where it is given, OSCAR does not look for one of 12. */
  startTime: z.string(),
  duration: z.int().min(1),
  demographicNo: Id,
  status: z.string(),
  reason: z.string(),
  notes: z.string(),
  type: z.string(),
  location: z.string(),
  resources: z.string(),
  urgency: z.string(),
});
export type NewAppointment = z.output<typeof NewAppointment>;

import { z } from 'zod';

/** Tasks and lists as the gateway tells of them. */

export const Task = z.object({
  id: z.string(),
  state: z.string(),
  text: z.object({ fr: z.string(), en: z.string() }),
  connection: z.string(),
  timeZone: z.string().nullable(),
  dueAt: z.string(),
  endedBy: z.string().nullable(),
  lateSeconds: z.number(),
});
export type Task = z.output<typeof Task>;

export const TaskList = z.object({ tasks: z.array(Task), complete: z.boolean() });

const Said = z.object({ fr: z.string(), en: z.string() });

export const ListTaken = z.object({
  rows: z.number(),
  slotsChanged: z.number(),
  wrong: z.array(z.object({ line: z.number(), reason: Said })),
  calendars: z.array(z.object({ calendar: z.string(), confirmed: z.boolean(), isSuspect: z.boolean() })),
});
export type ListTaken = z.output<typeof ListTaken>;

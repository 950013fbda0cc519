import { z } from 'zod';

/** What `GET /api/roster` answers, as far as it is shown. */

const Times = z.object({ start: z.string(), end: z.string() });
const Outside = Times.extend({ cause: z.enum(['withdrawn', 'outside']) });
const listOf = <Item extends z.ZodType>(item: Item) => z.object({ count: z.number(), items: z.array(item) });

export const RosterAnswer = z.object({
  rosters: z.array(
    z.object({
      schedule: z.string(),
      practitioner: z.string(),
      location: z.string(),
      timeZone: z.string(),
      published: Times.nullable(),
      shifts: z.number(),
      shiftMinutes: z.number(),
      coveredMinutes: z.number(),
      gaps: listOf(Times),
      phantoms: listOf(Outside.extend({ slot: z.string() })),
      bookedOutside: listOf(Outside.extend({ appointment: z.string() })),
    }),
  ),
  complete: z.boolean(),
});
export type RosterAnswer = z.output<typeof RosterAnswer>;

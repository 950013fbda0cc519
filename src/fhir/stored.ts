import { z } from 'zod';

/** What is looked up in a stored document off the hot path: texts that this front wrote itself (mappings/fhir). */
const Stored = z.object({
  start: z.string(),
  end: z.string(),
  comment: z.string().optional(),
  slot: z.array(z.object({ reference: z.string() })).optional(),
  participant: z.array(z.object({ actor: z.object({ reference: z.string() }) })).optional(),
});

/** @param document JSON text without its closing brace. @throws SyntaxError or ZodError if it isn't ours. */
export const textOf = (document: string): z.output<typeof Stored> => Stored.parse(JSON.parse(`${document}}`));

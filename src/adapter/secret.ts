/**
 * Marks a setting that is a secret, as `z.string().describe('…').meta(IS_SECRET)`. It is a keyword of JSON Schema (draft 7,
 * «writeOnly»), so that a form that is made of the schema knows it too: such a value is taken and never handed out.
 */
export const IS_SECRET = { writeOnly: true } as const;

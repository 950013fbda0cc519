import { z } from 'zod';
import { compile, EXPRESSION_CHARACTERS_MAX, type Expression, ExpressionProblem } from './expression.ts';
import { formatOf, isWhole, problemOfFormat } from './local-time.ts';
import { compileTemplate, type Template } from './template.ts';

/** The pieces that a description is made of: texts that are compiled as they are checked. */

const compiled = <Compiled>(compileText: (text: string) => Compiled, what: string) =>
  z
    .string()
    .min(1)
    .max(EXPRESSION_CHARACTERS_MAX)
    .transform((text, context): Compiled => {
      try {
        return compileText(text);
      } catch (error) {
        if (!(error instanceof ExpressionProblem)) throw error;
        const { message, position } = error;
        context.addIssue({ code: 'custom', message, params: { position } });
        return z.NEVER;
      }
    })
    .describe(what);

export const ExpressionText = compiled(compile, 'a JSONata expression');
export const TemplateText = compiled(compileTemplate, 'a text, with {{ JSONata }} where values go');

const SAYS_NO_TIME = 'must have YYYY, MM, DD, HH and mm, so that it says a time';

/** A format of local times, to the minute. */
export const FormatText = z
  .string()
  .max(60)
  .transform((text, context) => {
    const problem = problemOfFormat(text) ?? (isWhole(formatOf(text)) ? null : SAYS_NO_TIME);
    if (problem === null) return formatOf(text);
    context.addIssue({ code: 'custom', message: problem });
    return z.NEVER;
  })
  .describe('a format of local times, as YYYY-MM-DD HH:mm');

/** When: with an offset, in the calendar's zone by a format, or counted since 1970. */
export const Time = z.union([
  ExpressionText.describe('an expression that gives a time with its offset (RFC 3339)'),
  z.strictObject({ from: ExpressionText, local: FormatText }),
  z.strictObject({ from: ExpressionText, since1970: z.enum(['seconds', 'milliseconds']) }),
]);
export type Time = z.output<typeof Time>;

export const Statuses = z.array(z.int().min(200).max(599)).max(20).describe('HTTP statuses, as [409]');

/** Of a ConceptMap `<id>-<name>`, of a setting, of a header or a parameter. */
export const Word = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9][\w.-]*$/, { error: 'must be one word of letters, digits, - _ and .' });

/** JSON whose texts are templates. */
export type Body = Template | number | boolean | null | readonly Body[] | { readonly [key: string]: Body };

const BODY_DEPTH_MAX = 20;

/** Made by hand rather than as a union of itself, so that each problem is told at its own place. */
export const BodyValue = z
  .unknown()
  .transform((value, context): Body => {
    const wrong = (path: readonly (string | number)[], message: string, position = 0): null => {
      context.addIssue({ code: 'custom', path: [...path], message, params: { position } });
      return null;
    };
    const read = (node: unknown, path: readonly (string | number)[]): Body => {
      if (path.length > BODY_DEPTH_MAX) return wrong(path, `is nested more than ${BODY_DEPTH_MAX} deep`);
      if (node === null || typeof node === 'number' || typeof node === 'boolean') return node;
      if (Array.isArray(node)) return node.map((each, index) => read(each, [...path, index]));
      if (typeof node === 'object') return readMapping(Object.entries(node), path);
      try {
        return compileTemplate(String(node));
      } catch (error) {
        if (!(error instanceof ExpressionProblem)) throw error;
        return wrong(path, error.message, error.position);
      }
    };
    const readMapping = (entries: readonly [string, unknown][], path: readonly (string | number)[]): Body => {
      // To YAML, {{ x }} is a mapping whose key is a mapping.
      if (entries.some(([key, inner]) => key.startsWith('{') && inner === null))
        return wrong(path, 'is no text to YAML: put {{ … }} in quotes');
      return Object.fromEntries(entries.map(([key, inner]) => [key, read(inner, [...path, key])]));
    };
    return read(value, []);
  })
  .describe('JSON, with {{ JSONata }} where values go');

export const Request = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  path: TemplateText.refine(({ text }) => text.startsWith('/'), { error: 'must begin with /' }).describe(
    'the path below base, as /v1/agendas/{{ calendar }}',
  ),
  query: z
    .record(z.string(), TemplateText)
    .default({})
    .describe('parameters; one without a value is left out'),
  headers: z.record(Word, TemplateText).default({}),
  body: BodyValue.optional(),
  form: z
    .record(z.string(), TemplateText)
    .optional()
    .describe('in place of body: fields as a form of HTML sends them'),
});
export type Request = z.output<typeof Request>;

export type { Expression, Template };

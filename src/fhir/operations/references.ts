import { z } from 'zod';
import type { Graph } from '../graph.ts';
import { Refused } from '../outcomes.ts';
import type { Context } from '../search.ts';

/** References in Parameters: by id here, or by an identifier that the resource has (R4, references.html, 2.3.0.2). */
const ReferenceValue = z.object({
  reference: z.string().optional(),
  identifier: z.object({ system: z.string().optional(), value: z.string() }).optional(),
});

/** As a parameter has it, with no more than what it refers to by: what is displayed may name a person. */
export function bareReference(value: unknown): z.output<typeof ReferenceValue> {
  const parsed = ReferenceValue.safeParse(value);
  return parsed.success ? parsed.data : {};
}

/**
 * The id of a reference to this server.
 * @param name of the parameter.
 * @throws Refused on what is no reference to this type here.
 */
export function localId(value: unknown, type: string, name: string, { base }: Context): string {
  const { reference = '' } = bareReference(value);
  const local = reference.startsWith(`${base}/`) ? reference.slice(base.length + 1) : reference;
  const id = local.startsWith(`${type}/`) ? local.slice(type.length + 1) : '';
  if (/^[A-Za-z0-9\-.]{1,64}$/.test(id)) return id;
  throw new Refused('invalid-parameter', {
    diagnostics: {
      fr: `il faut une référence comme ${type}/<id>`,
      en: `must be a reference as ${type}/<id>`,
    },
    expression: `Parameters.parameter.where(name='${name}').value.reference`,
  });
}

/** Ids of what is meant: none where it is elsewhere, or nobody knows it, which is no error (IHE ITI Scheduling). */
export function idsOf(value: unknown, type: string, graph: Graph, context: Context): readonly string[] {
  const { reference, identifier } = bareReference(value);
  const kind = graph.kind(type);
  if (identifier) {
    const token =
      identifier.system === undefined ? identifier.value : `${identifier.system}|${identifier.value}`;
    return kind?.find('identifier', token.replaceAll(',', ''), context) ?? [];
  }
  const local = reference?.startsWith(`${context.base}/`)
    ? reference.slice(context.base.length + 1)
    : reference;
  const id = local?.startsWith(`${type}/`) ? local.slice(type.length + 1) : null;
  return id !== null && id !== undefined && kind?.textOf(id) !== undefined ? [id] : [];
}

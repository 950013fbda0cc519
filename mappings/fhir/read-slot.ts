import { z } from 'zod';
import type { Interval } from '../../src/domain/interval.ts';
import {
  ELIGIBILITIES,
  MODES,
  REASONS,
  REORIENTATIONS,
  type SlotAttributes,
  type SlotStatus,
} from '../../src/domain/slot.ts';
import { EXTENSION, SYSTEM } from './canonical.ts';
import { type Finding, parseAs } from './findings.ts';
import { InstantText } from './instant-text.ts';
import { endsTooSoon, unknownModifier } from './validation/words.ts';

/** An R4 Slot that somebody sent us, checked: its times, its schedule, and the six items of, r. 1, s. 4. */

export type ReadSlot = {
  readonly id: string | null;
  readonly status: SlotStatus | 'entered-in-error';
  readonly scheduleId: string;
  readonly interval: Interval;
  readonly attributes: SlotAttributes;
  /** Where, and for what, if it says so; its schedule does as well. */
  readonly locationId: string | null;
  readonly serviceId: string | null;
};

export type SlotReading =
  | { readonly outcome: 'read'; readonly slot: ReadSlot }
  | { readonly outcome: 'invalid'; readonly findings: readonly Finding[] };

const STATUSES = ['busy', 'free', 'busy-unavailable', 'busy-tentative', 'entered-in-error'] as const;

const Concept = z.object({
  coding: z.array(z.object({ system: z.string().optional(), code: z.string().optional() })).default([]),
});
const Items = z.object({
  resourceType: z.literal('Slot'),
  extension: z.array(z.looseObject({ url: z.string() })).default([]),
  modifierExtension: z.array(z.unknown()).optional(),
  serviceType: z.array(Concept).default([]),
  appointmentType: Concept.optional(),
  comment: z.string().max(2_000).optional(),
});
type Items = z.output<typeof Items>;
const Slot = Items.extend({
  id: z.string().optional(),
  schedule: z.object({ reference: z.string() }),
  status: z.enum(STATUSES),
  start: InstantText,
  end: InstantText,
});

/** Total: whatever the body is, it is read or it comes back with what is wrong, and never with a value of it. */
export function readSlot(body: unknown): SlotReading {
  const parsed = parseAs(Slot, body, 'Slot');
  if (!parsed.ok) return { outcome: 'invalid', findings: parsed.findings };
  const { id, status, start, end, schedule } = parsed.data;
  const findings: Finding[] = [];
  if (!(start < end)) findings.push(endsTooSoon('Slot.end'));
  const scheduleId = idIn(schedule.reference, 'Schedule');
  if (scheduleId === null) findings.push(notOfHere('Schedule', 'Slot.schedule.reference'));
  const read = readItems(parsed.data, findings);
  if (findings.length > 0 || scheduleId === null) return { outcome: 'invalid', findings };
  return {
    outcome: 'read',
    slot: { id: id ?? null, status, scheduleId, interval: { start, end }, ...read },
  };
}

export type ItemsReading =
  | ({ readonly outcome: 'read' } & ReadItems)
  | { readonly outcome: 'invalid'; readonly findings: readonly Finding[] };

/** What a slot says besides whose it is, when, and whether it is free: these may be left out, and are not looked at. */
export function readSlotItems(body: unknown): ItemsReading {
  const parsed = parseAs(Items, body, 'Slot');
  if (!parsed.ok) return { outcome: 'invalid', findings: parsed.findings };
  const findings: Finding[] = [];
  const read = readItems(parsed.data, findings);
  return findings.length > 0 ? { outcome: 'invalid', findings } : { outcome: 'read', ...read };
}

const idIn = (reference: string, type: string): string | null =>
  new RegExp(`^${type}/([A-Za-z0-9\\-.]{1,64})$`).exec(reference)?.[1] ?? null;

const notOfHere = (type: string, expression: string): Finding => ({
  code: 'not-supported',
  message: {
    fr: `une ressource de ce serveur se désigne par ${type}/<id>`,
    en: `a resource of this server is referenced as ${type}/<id>`,
  },
  expression,
});

type ReadItems = Pick<ReadSlot, 'attributes' | 'locationId' | 'serviceId'>;

/** What the extensions, the type and the comment say. @param findings is added to. */
function readItems(slot: Items, findings: Finding[]): ReadItems {
  if (slot.modifierExtension !== undefined) findings.push(unknownModifier('Slot.modifierExtension'));
  const many = <T extends z.ZodType>(url: string, schema: T): z.output<T>[] | null => {
    const values = extensionsOf(slot, url, 'valueCode', schema, findings);
    return values.length === 0 ? null : values;
  };
  const one = <T extends z.ZodType>(url: string, key: ValueKey, schema: T): z.output<T> | null => {
    const [value, ...others] = extensionsOf(slot, url, key, schema, findings);
    if (others.length > 0) findings.push(saidTwice(url));
    return value ?? null;
  };
  const reasons = many(EXTENSION.reason, z.enum(REASONS));
  const place = one(EXTENSION.location, 'valueReference', z.object({ reference: z.string() }));
  const locationId = place && idIn(place.reference, 'Location');
  if (place && locationId === null) findings.push(notOfHere('Location', extensionAt(EXTENSION.location)));
  return {
    attributes: {
      availableSince: one(EXTENSION.availableSince, 'valueDateTime', InstantText),
      eligibility: many(EXTENSION.eligibility, z.enum(ELIGIBILITIES)),
      reasons: reasons ?? reasonOf(slot),
      reorientation: many(EXTENSION.reorientation, z.enum(REORIENTATIONS)),
      mode: one(EXTENSION.mode, 'valueCode', z.enum(MODES)),
      bookingUrl: bookingUrlOf(slot, findings),
    },
    locationId,
    serviceId: slot.serviceType.flatMap(({ coding }) => codeIn(coding, SYSTEM.service) ?? [])[0] ?? null,
  };
}

type ValueKey = 'valueCode' | 'valueDateTime' | 'valueReference';

const extensionAt = (url: string): string => `Slot.extension.where(url='${url}')`;

function extensionsOf<T extends z.ZodType>(
  { extension }: Items,
  url: string,
  key: ValueKey,
  schema: T,
  findings: Finding[],
): z.output<T>[] {
  return extension.flatMap((each, index) => {
    if (each.url !== url) return [];
    const parsed = parseAs(schema, each[key], `Slot.extension[${index}].value`);
    if (parsed.ok) return [parsed.data];
    findings.push(...parsed.findings);
    return [];
  });
}

const saidTwice = (url: string): Finding => ({
  code: 'structure',
  message: { fr: 'une fois au plus', en: 'once at the most' },
  expression: extensionAt(url),
});

const codeIn = (coding: z.output<typeof Concept>['coding'], system: string): string | undefined =>
  coding.find((each) => each.system === system)?.code;

/** The one reason stands in appointmentType too, and may stand there alone. */
function reasonOf({ appointmentType }: Items): SlotAttributes['reasons'] {
  const code = codeIn(appointmentType?.coding ?? [], SYSTEM.reason);
  const reason = REASONS.find((each) => each === code);
  return reason === undefined ? null : [reason];
}

/** As France's SAS has it: the comment is the page where the slot is booked. Other words would be lost, so they are told of. */
function bookingUrlOf({ comment }: Items, findings: Finding[]): string | null {
  if (comment === undefined) return null;
  if (URL.canParse(comment) && /^https?:$/.test(new URL(comment).protocol)) return comment;
  findings.push({
    code: 'not-supported',
    message: {
      fr: 'le commentaire d’une plage est ici l’adresse (http ou https) où elle se réserve',
      en: 'the comment of a slot is here the address (http or https) where it is booked',
    },
    expression: 'Slot.comment',
  });
  return null;
}

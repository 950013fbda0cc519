import { z } from 'zod';

/**
 * What SMART Scheduling Links want of a publisher, as schemas: `2021` after specification.md of
 * smart-on-fhir/smart-scheduling-links@fb490f1, `ssl` after the profiles and tables of HL7/smart-scheduling-links@c07ac4d
 * (hl7.fhir.uv.ssl 0.1.0). They say what is required; more is allowed, but for what a text forbids.
 */

const Id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);
/** To the second at least, with an offset (Timestamps). */
const Timestamp = z.iso.datetime({ offset: true }).regex(/T\d\d:\d\d:\d\d/);
const Identifier = z.object({ system: z.string().min(1), value: z.string().min(1) });
const Coding = z.object({ system: z.string().min(1), code: z.string().min(1) });
const Concept = z.object({ coding: z.array(Coding).min(1) });
const referenceTo = (type: string) =>
  z.object({ reference: z.string().regex(new RegExp(`^${type}/[A-Za-z0-9.-]{1,64}$`)) });
const Position = z.object({ latitude: z.number(), longitude: z.number() });

const Address = z.object({
  line: z.array(z.string().min(1)).min(1),
  city: z.string().min(1),
  state: z.string().regex(/^[A-Z]{2}$/),
  postalCode: z.string().min(1),
  district: z.string().optional(),
});

const REGISTRY = 'http://fhir-registry.smarthealthit.org/StructureDefinition';
const DeepLink = z.strictObject({ url: z.literal(`${REGISTRY}/booking-deep-link`), valueUrl: z.url() });
const Phone = z.strictObject({ url: z.literal(`${REGISTRY}/booking-phone`), valueString: z.string().min(1) });
const Capacity = z.strictObject({
  url: z.literal(`${REGISTRY}/slot-capacity`),
  valueInteger: z.int().min(1),
});

const manifest = (types: readonly string[], request: RegExp) =>
  z.strictObject({
    transactionTime: Timestamp,
    request: z.url().regex(request),
    output: z.array(
      z.strictObject({
        type: z.enum(types),
        url: z.url(),
        extension: z.strictObject({ state: z.array(z.string().regex(/^[A-Z]{2}$/)).min(1) }).optional(),
      }),
    ),
    error: z.array(z.never()),
  });

const location = z.object({
  resourceType: z.literal('Location'),
  id: Id,
  name: z.string().min(1),
  telecom: z.array(z.object({ system: z.enum(['phone', 'url']), value: z.string().min(1) })).min(1),
  address: Address,
  position: Position.optional(),
  identifier: z.array(Identifier).min(1),
});

const slot = <S extends z.ZodType, E extends z.ZodType>(status: S, extension: E) =>
  z.object({
    resourceType: z.literal('Slot'),
    id: Id,
    schedule: z.strictObject({ reference: z.string().regex(/^Schedule\/[A-Za-z0-9.-]{1,64}$/) }),
    status,
    start: Timestamp,
    end: Timestamp,
    extension: z.array(extension).min(1).optional(),
  });

/** A line of each type, and the manifest. */
export const SHAPES = {
  '2021': {
    manifest: manifest(['Location', 'Schedule', 'Slot'], /\$bulk-publish$/),
    lines: {
      Location: location,
      Schedule: z.object({
        resourceType: z.literal('Schedule'),
        id: Id,
        actor: z.array(referenceTo('Location')).length(1),
        serviceType: z.array(Concept).min(1),
      }),
      Slot: slot(z.enum(['free', 'busy']), z.union([DeepLink, Phone, Capacity])),
    },
  },
  ssl: {
    manifest: manifest(
      ['Location', 'Schedule', 'Slot', 'HealthcareService', 'Practitioner', 'PractitionerRole'],
      /\$bulk-publish\?_profile=ssl$/,
    ),
    lines: {
      Location: location.extend({
        telecom: z.array(z.object({ system: z.string().min(1), value: z.string().min(1) })).min(1),
      }),
      Schedule: z.object({
        resourceType: z.literal('Schedule'),
        id: Id,
        // «Location and PractitionerRole schedules» of Multiple Actors in Schedules.
        actor: z
          .array(z.union([referenceTo('Location'), referenceTo('PractitionerRole')]))
          .min(1)
          .max(2),
        serviceType: z.array(Concept).min(1),
      }),
      Slot: slot(z.enum(['free', 'busy', 'busy-tentative', 'busy-unavailable']), z.union([DeepLink, Phone])),
      HealthcareService: z.object({
        resourceType: z.literal('HealthcareService'),
        id: Id,
        active: z.boolean(),
        type: z.array(Concept).length(1),
        specialty: z.array(Concept).length(1),
        location: z.array(referenceTo('Location')).length(1),
        name: z.string().min(1),
      }),
      Practitioner: z.object({
        resourceType: z.literal('Practitioner'),
        id: Id,
        identifier: z.array(Identifier.partial()).length(1),
      }),
      PractitionerRole: z.object({
        resourceType: z.literal('PractitionerRole'),
        id: Id,
        practitioner: referenceTo('Practitioner').optional(),
        location: z.array(referenceTo('Location')).optional(),
        healthcareService: z.array(referenceTo('HealthcareService')).optional(),
      }),
    },
  },
} as const;

/** The lines of an NDJSON text, parsed; each of them ends. */
export function linesOf(text: string): unknown[] {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new Error('the last line has no end');
  return lines.map((line) => JSON.parse(line));
}

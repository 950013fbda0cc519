import { z } from 'zod';
import { count } from './common.ts';
import { json, other, route } from './route.ts';

/** Who it is comes in a body: an address is written into logs by whatever it passes. */
const Who = z
  .strictObject({
    patient: z
      .string()
      .min(1)
      .max(64)
      .meta({ description: 'A health insurance number, or the id of a Patient.' }),
  })
  .meta({ id: 'WhoseData' });

const body = {
  schema: Who,
  otherKeys: { fr: 'seule la clé patient est prise', en: 'there is no key but patient' },
};

export const exportPerson = route({
  method: 'post',
  path: '/api/patients/export',
  id: 'exportPerson',
  tag: 'privacy',
  summary: 'All that is known of one person',
  access: 'administer',
  body,
  answers: {
    200: other(
      'application/fhir+json',
      z.looseObject({ resourceType: z.literal('Bundle'), type: z.literal('collection') }),
      'A FHIR R4 Bundle.',
    ),
  },
});

export const erasePerson = route({
  method: 'post',
  path: '/api/patients/erase',
  id: 'erasePerson',
  tag: 'privacy',
  summary: 'Erase what is known of one person',
  access: 'administer',
  body,
  answers: {
    200: json(
      z
        .strictObject({
          patients: z.array(z.uuid()),
          appointments: count.meta({ description: 'That were theirs, and name nobody any more.' }),
          waiting: count.meta({ description: 'Of these, those that a platform is still to be told of.' }),
          rejected: count.meta({
            description: 'Records that could not be read, and had the number in them.',
          }),
        })
        .meta({ id: 'Erased' }),
      'What was erased.',
    ),
  },
});

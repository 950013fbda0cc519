import express, { type Router } from 'express';
import { z } from 'zod';
import type { Persons } from '../engine/ports/patients.ts';
import { patientsIn } from '../fhir/auditing.ts';
import { parseJson, readBody } from '../fhir/body.ts';
import { bodyAs } from '../fhir/incoming.ts';
import { requireJson } from '../fhir/negotiation.ts';
import { Refused } from '../fhir/outcomes.ts';
import type { Audit } from './auditing.ts';

/**
 * What is known of one person, to be handed over or erased. Who it is comes in a body: an address is written into logs by
 * whatever it passes.
 */

const Body = z.strictObject({ patient: z.string().min(1).max(64) });
const NO_OTHER_KEYS = { fr: 'seule la clé patient est prise', en: 'there is no key but patient' };

export function personsApi({ audit, ...persons }: Persons & { readonly audit: Audit }): Router {
  const router = express.Router();
  const whoIn = async (request: express.Request): Promise<string> => {
    requireJson(request.headers['content-type']);
    return bodyAs(Body, parseJson(await readBody(request)), NO_OTHER_KEYS).patient;
  };

  router.post('/api/patients/export', async (request, response) => {
    const text = await persons.export(await whoIn(request));
    if (text === null) {
      throw new Refused('not-found', {
        diagnostics: {
          fr: 'personne n’est gardé ici sous ce numéro ou cet id',
          en: 'nobody is kept here under this number or id',
        },
      });
    }
    await audit(request, { type: 'person.exported', action: 'R', entities: patientsIn(text, false) });
    response.setHeader('cache-control', 'no-store');
    response.type('application/fhir+json').send(text);
  });

  router.post('/api/patients/erase', async (request, response) => {
    const erased = await persons.erase(await whoIn(request));
    const entities = erased.patients.map((id) => `Patient/${id}`);
    await audit(request, { type: 'person.erased', action: 'D', entities });
    response.setHeader('cache-control', 'no-store');
    response.json(erased);
  });

  return router;
}

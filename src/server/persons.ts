import express, { type Router } from 'express';
import type { Persons } from '../engine/ports/patients.ts';
import { patientsIn } from '../fhir/auditing.ts';
import { Refused } from '../fhir/outcomes.ts';
import type { Audit } from './auditing.ts';
import * as routes from './contract/persons.ts';
import { mount, mountRaw } from './mount.ts';

/** What is known of one person, to be handed over or erased. */

export function personsApi({ audit, ...persons }: Persons & { readonly audit: Audit }): Router {
  const router = express.Router();
  mountRaw(router, routes.exportPerson, async ({ request, body }, response) => {
    const text = await persons.export((await body()).patient);
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

  mount(router, routes.erasePerson, async ({ request, body, reply }) => {
    const erased = await persons.erase((await body()).patient);
    const entities = erased.patients.map((id) => `Patient/${id}`);
    await audit(request, { type: 'person.erased', action: 'D', entities });
    return reply(200, erased);
  });

  return router;
}

import { z } from 'zod';
import { parameter } from './parameter.ts';
import { eventStream, route } from './route.ts';

const CRITERIA_MAX = 20;

export const streamEvents = route({
  method: 'get',
  path: '/api/events',
  id: 'streamEvents',
  tag: 'events',
  summary: 'Slots and appointments as they change',
  description:
    'Who asks needs the scopes that each search would need. A stream ends after five minutes; a client opens it again with ' +
    'Last-Event-ID, as EventSource does by itself.',
  access: 'caller',
  query: z.object({
    criteria: parameter(
      z.array(z.string()).min(1).max(CRITERIA_MAX),
      'FHIR searches, such as Slot?schedule=x.',
      {
        fr: `criteria : de 1 à ${CRITERIA_MAX} recherches, comme criteria=Slot?schedule=x`,
        en: `criteria: 1 to ${CRITERIA_MAX} searches, such as criteria=Slot?schedule=x`,
      },
    ),
  }),
  answers: {
    200: eventStream(
      z.string(),
      'Server-sent events (WHATWG HTML, section 9.2); docs/fhir.md has their names.',
    ),
  },
});

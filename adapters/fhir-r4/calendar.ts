import type { z } from 'zod';
import { Fault } from '../../src/adapter/faults.ts';
import type { Calendar } from './normalize.ts';
import type { Schedule } from './wire.ts';

/** Who or what it is whose time a schedule is of: a person before a room, a room before a service. */
const TYPES = [
  'Practitioner',
  'PractitionerRole',
  'Device',
  'Patient',
  'RelatedPerson',
  'Location',
  'HealthcareService',
];

/** @throws Fault where none of its actors can be referred to. */
export function calendarOf({ id, actor }: z.output<typeof Schedule>): Calendar {
  const references = actor.flatMap(({ reference }) => {
    const found = /(?:^|\/)([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]+)?$/.exec(
      reference ?? '',
    );
    return found ? [{ type: found[1] ?? '', reference: `${found[1]}/${found[2]}` }] : [];
  });
  const [first] = TYPES.flatMap((type) => references.filter((each) => each.type === type));
  if (!first) throw new Fault('malformed', `Schedule/${id} has no actor with a reference`);
  return { id, actor: first.reference };
}

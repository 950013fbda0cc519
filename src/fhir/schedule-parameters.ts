import { SYSTEM } from '../../mappings/fhir/canonical.ts';
import type { Directory } from '../domain/directory.ts';
import type { Parameter } from './search.ts';
import { both, isToken, type Token, tokens } from './values.ts';

type OfSchedules = { readonly scheduleIds: readonly string[] | null };

/** The specialty of a service, which its schedules, slots and appointments share. */
export const specialtyParameter = <Filter extends OfSchedules>(directory: Directory): Parameter<Filter> => ({
  name: 'specialty',
  type: 'token',
  documentation: 'The specialty of the service, as system|code, system| or code; comma = or.',
  narrow: (filter, value) => ({
    ...filter,
    scheduleIds: both(filter.scheduleIds, schedulesOfSpecialty(directory, tokens(value))),
  }),
});

export function schedulesOfSpecialty({ entries }: Directory, wanted: readonly Token[]): string[] {
  const services = new Set(
    entries.services
      .filter(({ specialty = [] }) => specialty.some((has) => wanted.some((want) => isToken(has, want))))
      .map(({ id }) => id),
  );
  return entries.schedules.filter(({ serviceId }) => services.has(serviceId)).map(({ id }) => id);
}

/** The service that a slot or an appointment is for: that of its schedule. */
export const serviceTypeParameter = <Filter extends OfSchedules>(
  directory: Directory,
): Parameter<Filter> => ({
  name: 'service-type',
  type: 'token',
  documentation: 'The service, as system|code, system| or code; comma = or.',
  narrow: (filter, value) => {
    const wanted = tokens(value);
    const ids = directory.entries.schedules
      .filter(({ serviceId }) =>
        wanted.some((want) => isToken({ system: SYSTEM.service, code: serviceId }, want)),
      )
      .map(({ id }) => id);
    return { ...filter, scheduleIds: both(filter.scheduleIds, ids) };
  },
});

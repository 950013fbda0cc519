import { DAY } from '../../src/domain/instant.ts';
import { ACTORS, type Simulators } from './mirrored-clinic.ts';

/** A morning of each doctor: RVSQ takes 240 requests a minute, and what is to be shown does not need more. */
export const SLOTS_OF_A_DOCTOR = 12;

/** RVSQ has nothing of its own; of the vendor only some slots of a later day are left. */
export function homeAgendaOnly({ vendor, rvsq }: Simulators): void {
  for (const record of rvsq.agenda.records()) rvsq.agenda.remove(record);
  for (const actor of ACTORS) {
    const calendar = `ag-${actor}`;
    for (const busy of vendor.agenda.busy(calendar)) vendor.agenda.remove(busy);
    const later = vendor.agenda.slots(calendar).filter(({ interval }) => interval.start > Date.now() + DAY);
    const kept = new Set(later.slice(0, SLOTS_OF_A_DOCTOR));
    for (const slot of vendor.agenda.slots(calendar)) if (!kept.has(slot)) vendor.agenda.remove(slot);
  }
}

import type { SimulatedPlatform } from '../../../src/adapter/simulator/platform.ts';
import { weighted } from '../../../src/adapter/simulator/random.ts';
import type { Change, SimRecord } from '../../../src/adapter/simulator/records.ts';
import type { Random } from '../../../src/domain/environment.ts';
import { formatInstant, type Instant } from '../../../src/domain/instant.ts';
import { sign } from '../signature.ts';
import { Offre } from '../wire.ts';
import { createApi } from './api.ts';
import { elementOf, GENRES } from './elements.ts';

/** The key that the simulator takes; it opens nothing else. */
export const SIMULATOR_KEY = 'cle-du-simulateur';

const PREFIXES: Record<SimRecord<Offre>['kind'], string> = { slot: 'pla', reservation: 'res', block: 'blo' };

/** A private vendor's platform in small: the same slots for the same seed, 15 minutes each. */
export const bonjourSante: SimulatedPlatform<Offre> = {
  id: 'bonjour-sante',
  slotMinutes: 15,
  calendarOf: (actor) => `ag-${actor}`,
  idOf: (kind, ordinal) => `${PREFIXES[kind]}-${ordinal}`,
  offer,
  offerSchema: Offre,
  handle: createApi(SIMULATOR_KEY),
  webhook: { body: eventOf, headers: (body, secret, at) => sign(secret, body, at) },
};

/** What is said of a change: the record without the patient, or which record is gone. */
function eventOf(change: Change<Offre>, at: Instant): unknown {
  const { kind, id, version, record } = change;
  const emisLe = formatInstant(at);
  return record
    ? { type: 'modification', emisLe, element: elementOf(record) }
    : { type: 'suppression', emisLe, element: { genre: GENRES[kind], id, version } };
}

function offer(random: Random, since: Instant): Offre {
  return {
    offerteDepuis: formatInstant(since),
    motifs: weighted(random, [
      [4, ['URG', 'SURG']],
      [3, ['SUIVI']],
      [2, ['URG']],
      [2, ['SURG', 'SUIVI']],
      [1, ['PEDIA']],
      [1, ['GROS']],
    ]),
    clienteles: weighted(random, [
      [5, ['INSCRIT-MD']],
      [3, ['INSCRIT-MD', 'INSCRIT-SITE']],
      [1, ['INSCRIT-MD', 'INSCRIT-SITE', 'INSCRIT-PRO']],
      [3, ['TOUS']],
    ]),
    provenances: weighted(random, [
      [12, []],
      [1, ['INFO-SANTE']],
      [1, ['GAP']],
      [1, ['HOPITAL', 'URGENCES']],
    ]),
    mode: weighted(random, [
      [8, 'CLINIQUE'],
      [3, 'TEL'],
      [1, 'VIDEO'],
    ]),
    lien: null,
  };
}

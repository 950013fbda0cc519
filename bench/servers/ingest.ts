import { createNormalizer } from '../../adapters/bonjour-sante/normalize.ts';
import { Grille } from '../../adapters/bonjour-sante/wire.ts';
import { codeMaps } from '../../src/adapter/concept-map.ts';
import type { Platform } from '../../src/adapter/contract.ts';
import type { Page } from '../../src/adapter/observation.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import { keepRowsYoung } from '../../src/system/heap.ts';
import { codeTables } from '../../src/system/mappings.ts';
import { type ClinicSize, HOME, observedAt, slotCount } from '../clinic.ts';
import { type DatabaseUrl, openDatabase } from '../database.ts';
import { openEngine } from '../engine.ts';
import { pageIndexes, reading } from '../reading.ts';
import { ready, task } from './child.ts';

/** Takes in the clinic through the engine, as often as it is asked to. */
export type IngestTask = {
  readonly databaseUrl: DatabaseUrl;
  readonly size: ClinicSize;
  /** Observations that are ready, or the vendor's JSON that its adapter has to read first. */
  readonly source: 'ready' | 'json';
};
export type IngestQuestion = { readonly kind: 'empty' | 'ingest' | 'memory' };

/** As many as the vendor's adapter asks for. */
const JSON_PAGE_ROWS = 500;

// As src/main.ts does.
keepRowsYoung();
const { databaseUrl, size, source } = task<IngestTask>();
const database = await openDatabase(databaseUrl);
const engine = await openEngine(size, database, source === 'ready' ? reading(size) : await readingJson());

async function readingJson(): Promise<Platform['read']> {
  const normalize = createNormalizer(codeMaps(codeTables('bonjour-sante')));
  // As bytes, so that they are no part of the heap that is collected meanwhile.
  const pages = [...pageIndexes(size, JSON_PAGE_ROWS)].map((indexes) => Buffer.from(vendorText(indexes)));
  return async function* read({ window }): AsyncGenerator<Page> {
    for (const page of pages) {
      const { rows, rejected } = normalize(Grille.parse(JSON.parse(page.toString())).elements);
      yield { kind: 'rows', rows, removed: [], rejected };
    }
    yield { kind: 'end', complete: window, cursor: null };
  };
}

/** A page as the vendor writes it. */
function vendorText(indexes: readonly number[]): string {
  return JSON.stringify({ elements: indexes.map((index) => elementOf(index)), suite: null });
}

function elementOf(index: number): object {
  const { externalId, calendar, interval } = observedAt(size, index);
  return {
    genre: 'plage',
    id: externalId,
    agendaId: calendar,
    version: 1,
    debut: formatInstant(interval.start),
    fin: formatInstant(interval.end),
    referenceExterne: null,
    modifieLe: formatInstant(size.from),
    offerteDepuis: formatInstant(size.from),
    motifs: index % 2 === 0 ? ['URG', 'SURG'] : ['SUIVI'],
    clienteles: ['INSCRIT-MD', 'INSCRIT-SITE'],
    provenances: [],
    mode: 'CLINIQUE',
    lien: null,
  };
}

async function ingest(): Promise<{ perSecond: number }> {
  const began = performance.now();
  const result = await engine.synchronize(HOME, () => undefined);
  if (result.outcome === 'failed') throw new Error(result.reason);
  return { perSecond: (slotCount(size) / (performance.now() - began)) * 1000 };
}

async function answer({ kind }: IngestQuestion): Promise<object> {
  if (kind === 'ingest') return ingest();
  if (kind === 'empty') return database.query('truncate slot');
  return { bytes: process.memoryUsage.rss() };
}

ready(null, (question) => answer(question as IngestQuestion));

import { randomUUID } from 'node:crypto';
import type { PatientDetails } from '../../src/adapter/contract.ts';
import { namCheckDigit } from '../../src/domain/health-number.ts';
import type { PatientReader, PatientRow } from '../../src/engine/ports/patients.ts';
import type { VersionQuery } from '../../src/engine/ports/versions.ts';
import type { PatientDependencies } from '../../src/fhir/patients.ts';
import { fakeSeal } from './fake-ring.ts';

/** Patients that are kept in memory, all of them made up. */

export type PatientWorld = {
  patients: (PatientRow & { readonly hash: Uint8Array | null })[];
  keepsPatients: boolean;
  namCheckDigit: 'warn' | 'refuse';
  /** Whose details were given out. */
  readonly patientsRead: string[];
};

export const patientWorld = (): PatientWorld => ({
  patients: [],
  keepsPatients: false,
  namCheckDigit: 'warn',
  patientsRead: [],
});

const seal = fakeSeal(9);

/** A number that is made up, and right in every digit. @param letters four. @param birthDate YYYY-MM-DD. */
export function fakeNam(
  letters: string,
  birthDate: string,
  { isOfWoman = false, number = 1 }: { readonly isOfWoman?: boolean; readonly number?: number } = {},
): string {
  const [year = '', month = '', day = ''] = birthDate.split('-');
  const ofMonth = String(Number(month) + (isOfWoman ? 50 : 0)).padStart(2, '0');
  const start = `${letters}${year.slice(2)}${ofMonth}${day}${number}`;
  return `${start}${namCheckDigit(start, Number(year.slice(0, 2)))}`;
}

export const madeUp = (details: Partial<PatientDetails> = {}): PatientDetails => ({
  family: 'Fictif',
  given: 'Anne Marie',
  phone: '+1 514 555-0199',
  email: 'anne.fictif@example.org',
  nam: 'FICA01010113',
  birthDate: '2001-01-01',
  ...details,
});

export const patientRow = (
  id: string,
  details: PatientDetails,
  updatedMs: number,
): PatientWorld['patients'][number] => ({
  id,
  version: 2,
  updatedMs,
  sealed: seal.close(details, 'patient'),
  hash: details.nam === null ? null : seal.hash(details.nam),
});

/** As a booking keeps who comes. @returns the id; null = nobody is kept. */
export function keepIn(world: PatientWorld, details: PatientDetails | null): string | null {
  if (!world.keepsPatients || !details) return null;
  const row = patientRow(randomUUID(), details, NEW_MS);
  const known = world.patients.find(
    ({ hash }) => hash !== null && row.hash && Buffer.from(hash).equals(row.hash),
  );
  if (known) return known.id;
  world.patients.push(row);
  return row.id;
}

const NEW_MS = Date.UTC(2026, 10, 23, 13);

export function fakePatients(world: PatientWorld): PatientDependencies {
  const isIn = (at: number, from: number | null, before: number | null): boolean =>
    (from === null || at >= from) && (before === null || at < before);
  const found: (query: Parameters<PatientReader['countPatients']>[0]) => PatientRow[] = ({
    ids,
    anyUpdated,
  }) =>
    world.patients
      .filter(({ id }) => ids === null || ids.includes(id))
      .filter(
        ({ updatedMs }) =>
          anyUpdated === null || anyUpdated.some(({ fromMs, beforeMs }) => isIn(updatedMs, fromMs, beforeMs)),
      )
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  const versions = ({ of, sinceMs, after }: VersionQuery): PatientRow[] =>
    world.patients
      .filter(({ id, version }) => !of || (id === of.id && (of.version === null || version === of.version)))
      .filter(({ updatedMs }) => isIn(updatedMs, sinceMs, of?.at.beforeMs ?? null))
      .sort((a, b) => b.updatedMs - a.updatedMs || (a.id < b.id ? 1 : -1))
      .filter(
        ({ id, updatedMs }) =>
          !after || updatedMs < after.updatedMs || (updatedMs === after.updatedMs && id < after.id),
      );
  return {
    reader: {
      async searchPatients(query, { after, descending, limit }) {
        const rows = found(query);
        if (descending) rows.reverse();
        return rows
          .filter(({ id }) => after === null || (descending ? id < after : id > after))
          .slice(0, limit);
      },
      countPatients: async (query) => found(query).length,
      patientsByHash: async (hashes) =>
        world.patients.flatMap(({ id, hash }) =>
          hash !== null && hashes.some((each) => Buffer.from(each).equals(hash)) ? [id] : [],
        ),
      patientVersions: async (query) => versions(query).slice(0, query.limit),
      countPatientVersions: async (query) => versions(query).length,
    },
    seal,
    get isKept() {
      return world.keepsPatients;
    },
    get namCheckDigit() {
      return world.namCheckDigit;
    },
    onRead: (ids) => world.patientsRead.push(...ids),
  };
}

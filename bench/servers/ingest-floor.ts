import { type ClinicSize, slotCount } from '../clinic.ts';
import { bareTable, copyText } from '../copy.ts';
import type { DatabaseUrl } from '../database.ts';
import { ready, task } from './child.ts';

/** Copies the clinic's finished rows into a bare table, as often as it is asked to. */
export type IngestFloorTask = { readonly databaseUrl: DatabaseUrl; readonly size: ClinicSize };

const { databaseUrl, size } = task<IngestFloorTask>();
const table = await bareTable(databaseUrl);
const data = copyText(size);

ready(null, async () => ({ perSecond: (slotCount(size) / (await table.copy(data))) * 1000 }));

import { instant } from '../../domain/instant.ts';
import type { Incident } from '../../engine/ports/incidents.ts';
import type { Queryable } from '../database.ts';

type Row = { id: string; version: number; written_ms: number; written_by: string; document: string };
type Document = Pick<Incident, 'statement' | 'facts'>;

const LATEST = `
select id, version, written_ms, written_by, document
from (
  select *, row_number() over (partition by id order by version desc) as age,
    min(written_ms) over (partition by id) as first_ms
  from incident
) as written
where age = 1 order by first_ms, id`;

export async function incidents(on: Queryable): Promise<Incident[]> {
  const rows = await on.query<Row>(LATEST);
  return rows.map(({ id, version, written_ms, written_by, document }) => {
    const { statement, facts }: Document = JSON.parse(document);
    return { id, version, writtenAt: instant(written_ms), writtenBy: written_by, statement, facts };
  });
}

/** $1 id, $2 version, $3 at, $4 by, $5 document. */
const WRITE = `
insert into incident (id, version, written_ms, written_by, document) values ($1, $2, $3, $4, $5)
on conflict do nothing returning id`;

export async function writeIncident(on: Queryable, incident: Incident): Promise<boolean> {
  const { id, version, writtenAt, writtenBy, statement, facts } = incident;
  const document: Document = { statement, facts };
  const values = [id, version, writtenAt, writtenBy, JSON.stringify(document)];
  return (await on.query(WRITE, values)).length > 0;
}

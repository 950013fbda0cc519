import type { Instant } from '../../domain/instant.ts';
import type { ConfiguredResource, ConfiguredVersion } from '../../engine/ports/versions.ts';
import type { Database, Queryable } from '../database.ts';

/** Any number that no other use of advisory locks in this database has. */
const LOCK = 7270003;

const LATEST = `
  select distinct on (type, id) type, id, version, document, updated_ms from resource_version
  order by type, id, version desc`;

/** $1 types, $2 ids, $3 documents, $4 at. What is configured no more, and was already gone, stays as it is. */
const KEEP = `
insert into resource_version (type, id, version, document, updated_ms)
select type, id, coalesce(latest.version, 0) + 1, wanted.document, greatest(latest.updated_ms, $4)
from unnest($1::text[], $2::text[], $3::text[]) as wanted(type, id, document)
full join (${LATEST}) as latest using (type, id)
where wanted.document is distinct from latest.document`;

/** $1 types, $2 ids. */
const KEPT = `
select type, id, version, updated_ms as "updatedMs" from (${LATEST}) as latest
join unnest($1::text[], $2::text[]) as wanted(type, id) using (type, id)`;

/** Until the end of the transaction nobody else writes versions of what is configured. */
export async function lockResources(on: Queryable): Promise<void> {
  await on.query('select pg_advisory_xact_lock($1)', [LOCK]);
}

export async function keepResources(
  database: Database,
  resources: readonly ConfiguredResource[],
  at: Instant,
): Promise<ConfiguredVersion[]> {
  const types = resources.map(({ type }) => type);
  const ids = resources.map(({ id }) => id);
  return database.transaction(async (on) => {
    // Several processes may start at once with one configuration: the second finds what the first has written.
    await lockResources(on);
    await on.query(KEEP, [types, ids, resources.map(({ document }) => document), at]);
    return on.query<ConfiguredVersion>(KEPT, [types, ids]);
  });
}

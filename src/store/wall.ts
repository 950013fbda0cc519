import type { Database, Queryable, Row } from './database.ts';

/**
 * The second wall between organizations: whoever asks for one reads as a role that row-level security binds to it
 * (PostgreSQL, 5.9 «Row Security Policies»). The role may read what organizations are shown, and nothing else; it writes
 * nothing. The first wall is what the statements ask for (src/tenancy).
 */

const ROLE = 'passerelle_tenant';
/** All that a reader of one organization looks at. */
const TABLES = [
  'schedule',
  'slot',
  'slot_version',
  'appointment',
  'appointment_version',
  'appointment_identifier',
  'busy_period',
  'conflict',
  'patient',
  'offering',
  'shift',
  'unsupplied',
  'resource_version',
  'audit_event',
  'task',
  'listing',
  'period_reason',
  'connection',
  'connection_sample',
  'event',
];

const MAY = `
select coalesce(bool_and(pg_has_role(oid, 'member')), false) as "isMember"
from pg_roles where rolname = '${ROLE}'`;

/** What makes the role, and lets us take it: to be run once by who may, as \`psql -c\`. */
export const HOW_TO_RAISE = `create role ${ROLE} nologin; grant ${ROLE} to <the user of DATABASE_URL>;`;

/**
 * Lets the role read what it is to read. Several processes may do so at once.
 * @returns whether the wall stands: false = the role is not there, or we may not take it.
 */
export async function raiseWall(database: Database): Promise<boolean> {
  const [found] = await database.query<{ isMember: boolean }>(MAY);
  if (!found?.isMember) return false;
  await database.transaction(async (on) => {
    // Two that grant at once would fail on the same row of the catalogue.
    await on.query('select pg_advisory_xact_lock($1)', [LOCK]);
    await on.script(`
do $$
begin
  execute format('grant usage on schema %I to ${ROLE}', current_schema());
end
$$;
grant select on ${TABLES.join(', ')} to ${ROLE};`);
  });
  return true;
}

// Any number that no other use of advisory locks in this database has.
const LOCK = 7270002;

/** For this transaction. $1 organization. */
const ENTER = `select set_config('role', '${ROLE}', true), set_config('passerelle.organization', $1, true)`;

/** What can be read of one organization: each statement in a transaction of its own, so that nothing of it stays behind. */
export const behindWall = (database: Database, organizationId: string): Queryable => ({
  script: () => Promise.reject(new Error('nothing is changed from behind the wall')),
  query: <T extends Row>(text: string, parameters?: readonly unknown[]) =>
    database.transaction(async (on) => {
      await on.query(ENTER, [organizationId]);
      return on.query<T>(text, parameters);
    }),
});

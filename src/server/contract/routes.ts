import * as adapters from './adapters.ts';
import * as agenda from './agenda.ts';
import * as audit from './audit.ts';
import * as configuration from './configuration.ts';
import * as conflicts from './conflicts.ts';
import * as details from './connection-details.ts';
import * as connections from './connections.ts';
import * as contingency from './contingency.ts';
import * as events from './events.ts';
import * as health from './health.ts';
import * as incidents from './incidents.ts';
import * as outage from './outage.ts';
import * as people from './people.ts';
import * as persons from './persons.ts';
import * as policies from './policies.ts';
import * as roster from './roster.ts';
import type { Route } from './route.ts';
import * as session from './session.ts';
import * as tasks from './tasks.ts';
import * as tokens from './tokens.ts';
import * as upkeep from './upkeep.ts';
import * as webhooks from './webhooks.ts';

const TOPICS: readonly Readonly<Record<string, unknown>>[] = [
  health,
  connections,
  details,
  adapters,
  agenda,
  conflicts,
  tasks,
  tasks.TELLINGS,
  outage,
  contingency,
  roster,
  events,
  session,
  tokens,
  people,
  people.CHANGES,
  persons,
  audit,
  incidents,
  configuration,
  configuration.CHANGES_OF_LISTS,
  policies,
  upkeep,
  webhooks,
];

/** Every route that is declared: a topic exports its own. */
export const ROUTES: readonly Route[] = TOPICS.flatMap((topic) => Object.values(topic).filter(isRoute));

function isRoute(value: unknown): value is Route {
  return typeof value === 'object' && value !== null && 'method' in value && 'answers' in value;
}

import express, { type Router } from 'express';
import { sinceOf, stateOf } from '../contingency/connection-state.ts';
import { FAULT_MEANINGS, kindOfError } from '../contingency/fault-meanings.ts';
import type { Directory } from '../domain/directory.ts';
import type { Clock } from '../domain/environment.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Operations } from '../engine/ports/front.ts';
import type { ConnectionSummary } from '../engine/ports/store.ts';
import type { SubscriptionRegistry } from '../engine/ports/subscriptions.ts';
import { Refused } from '../fhir/outcomes.ts';
import type { Audit } from './auditing.ts';
import { callerOf } from './authentication.ts';
import type { SyncLine } from './contract/connections.ts';
import * as routes from './contract/connections.ts';
import type { Shown } from './contract/route.ts';
import { connectionIn } from './ids.ts';
import { mount, mountRaw } from './mount.ts';
import { answerAsItGoes } from './ndjson.ts';
import { readiness } from './readiness.ts';
import { whoseTime } from './whose-time.ts';

/** What the command line and the console ask: how the connections are, and to read one now. */

export type ApiDependencies = {
  readonly directory: Directory;
  readonly operations: Pick<Operations, 'summaries' | 'synchronize' | 'confirm' | 'rejected'>;
  readonly registry: Pick<SubscriptionRegistry, 'subscriptionFigures'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly report: (error: unknown) => string;
  readonly audit: Audit;
};

export function api({ directory, operations, registry, clock, report, audit }: ApiDependencies): Router {
  const router = express.Router();
  /** Null = all of them. What is no feed must not be taken for that. @throws Refused */
  const feedOf = (connectionId: string, given: string | undefined): string | null => {
    if (given === undefined) return null;
    const { calendars } = directory.entries;
    const isOne = (name: string): boolean =>
      name === '*' ||
      calendars.some((each) => each.connectionId === connectionId && each.externalId === name);
    if (isOne(given)) return given;
    throw new Refused('invalid-parameter', {
      diagnostics: {
        fr: 'feed : une fois, * ou l’id d’un agenda de cette connexion',
        en: 'feed: once, * or the id of a calendar of this connection',
      },
      expression: 'http.feed',
    });
  };

  mount(router, routes.status, async ({ request, reply }) => {
    const now = clock.now();
    const [summaries, subscriptions] = await Promise.all([
      operations.summaries(),
      // They are of the whole process.
      callerOf(request).organizationId === null ? registry.subscriptionFigures() : null,
    ]);
    const { ready, reasons, connections } = readiness(directory, summaries, now);
    const byId = new Map(summaries.map((summary) => [summary.id, summary]));
    const body = {
      at: formatInstant(now),
      organizations: directory.entries.organizations,
      ready,
      ...(reasons.length > 0 ? { reasons } : {}),
      connections: connections.map((connection) => {
        const summary = byId.get(connection.id);
        return {
          ...connection,
          ...listsOf(directory, connection.id),
          ...standing(directory, connection.id, summary, now),
          ...(summary ? figures(summary) : {}),
        };
      }),
      ...(subscriptions && {
        subscriptions: { ...subscriptions.byStatus, waiting: subscriptions.waiting },
      }),
    };
    return reply(200, body);
  });

  mountRaw(router, routes.synchronize, async ({ request, params }, response, say) => {
    const id = connectionIn(directory, params.id);
    await audit(request, { type: 'connection.read', action: 'E', entities: [`Connection/${id}`] });
    return answerAsItGoes<Shown<typeof SyncLine>>(
      response,
      say,
      async (line) => {
        const result = await operations.synchronize(id, (done) => line({ type: 'progress', ...done }));
        return { type: 'result', ...result };
      },
      report,
    );
  });

  /** What its suspect feeds miss is gone. `?feed=` names one of them. */
  mount(router, routes.confirm, async ({ request, params, query, reply }) => {
    const id = connectionIn(directory, params.id);
    const feed = feedOf(id, query().feed);
    await audit(request, { type: 'connection.confirmed', action: 'E', entities: [`Connection/${id}`] });
    return reply(200, { confirmed: await operations.confirm(id, feed) });
  });

  /** Records that were set aside; `?raw=true` with their raw forms, which may name patients. */
  mount(router, routes.rejected, async ({ request, params, query, reply }) => {
    const id = connectionIn(directory, params.id);
    const isRaw = query().raw === 'true';
    if (isRaw) await audit(request, { type: 'rejected.opened', action: 'R', entities: [`Connection/${id}`] });
    const records = await operations.rejected(id, isRaw);
    const shown = records.map((record) => ({
      ...record,
      firstAt: formatInstant(record.firstAt),
      lastAt: formatInstant(record.lastAt),
    }));
    return reply(200, { records: shown });
  });

  return router;
}

/** What somebody may bring a list of. */
function listsOf(directory: Directory, connectionId: string) {
  if (!directory.connection(connectionId).isListed) return {};
  const lists = directory.calendarsOn(connectionId).flatMap(({ externalId, scheduleId }) => {
    const whose = whoseTime(directory, scheduleId);
    return whose ? [{ calendar: externalId, ...whose, timeZone: directory.zoneOf(scheduleId) }] : [];
  });
  return { lists };
}

/** What people are told of it. */
function standing(directory: Directory, id: string, summary: ConnectionSummary | undefined, now: Instant) {
  const connection = directory.connection(id);
  const [calendar] = directory.calendarsOn(id);
  const state = stateOf(connection, summary, now);
  const kind = kindOfError(summary?.lastError ?? null);
  return {
    state: state ?? ('working' as const),
    since: summary && state ? text(sinceOf(connection, summary, state)) : null,
    error: kind && { kind, ...FAULT_MEANINGS[kind] },
    timeZone: calendar ? directory.zoneOf(calendar.scheduleId) : null,
    editedHere: connection.isEditedHere,
    listed: connection.isListed,
    freshnessMilliseconds: connection.freshnessMilliseconds,
  };
}

const figures = (summary: ConnectionSummary) => ({
  paused: summary.paused,
  pausedAt: text(summary.pausedAt),
  failures: summary.failures,
  failingSince: text(summary.failingSince),
  openUntil: text(summary.openUntil),
  lastError: summary.lastError,
  lastSuccessAt: text(summary.lastSuccessAt),
  confirmedAt: text(summary.confirmedAt),
  differing: summary.differing,
  oldestDifferingSince: text(summary.oldestDifferingSince),
  conflicts: summary.conflicts,
  rejected: summary.rejected,
  unmapped: summary.unmapped,
  tasks: summary.tasks,
  slots: summary.slots,
  feeds: summary.feeds,
  feedsRead: summary.feedsRead,
  suspects: summary.suspects.map((suspect) => ({ ...suspect, since: formatInstant(suspect.since) })),
  unreadable: summary.unreadable.map((feed) => ({ ...feed, since: formatInstant(feed.since) })),
});

const text = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));

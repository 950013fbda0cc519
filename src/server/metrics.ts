import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { EngineEvent, EventListener } from '../engine/ports/events.ts';
import type { ConnectionSummary } from '../engine/ports/store.ts';
import type { NotificationOutcome, SubscriptionFigures } from '../engine/ports/subscriptions.ts';

/**
 * What Prometheus reads. Labels are connections, routes and words of this file: their number is bounded by the
 * configuration, and no patient, slot or appointment is among them.
 */
export type Metrics = {
  /** For the engine: hears every event after it is committed. */
  readonly listener: EventListener;
  /** @param route its pattern, never the path. */
  readonly observeRequest: (method: string, route: string, status: number, milliseconds: number) => void;
  /** For the notifier: hears of every attempt to tell a subscriber. */
  readonly notified: (outcome: NotificationOutcome) => void;
  /** For the auditor: where the chain ends now, and that something could not be recorded. */
  readonly auditWritten: (end: { readonly sequence: number }) => void;
  readonly auditFailed: () => void;
  /** What is null the store did not answer: it is left out. */
  readonly text: (
    summaries: readonly ConnectionSummary[] | null,
    figures: SubscriptionFigures | null,
  ) => Promise<string>;
  readonly contentType: string;
};

const LAG_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600];
/** Up to a day. */
const LATE_SECONDS = [0, 60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];
const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']);
/** The label of what came through our own API. */
const OWN = 'passerelle';

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Histogram({
    name: 'passerelle_http_request_duration_seconds',
    help: 'Time to answer a request, by the pattern of its route.',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_SECONDS,
    registers,
  });
  const notifications = new Counter({
    name: 'passerelle_notifications_total',
    help: 'Attempts to tell a subscriber: delivered, failed, or failed for the last time.',
    labelNames: ['outcome'],
    registers,
  });
  const audit = new Gauge({
    name: 'passerelle_audit_records',
    help: 'Number of the last record of the audit log that this process wrote. It never falls.',
    registers,
  });
  const auditFailures = new Counter({
    name: 'passerelle_audit_failures_total',
    help: 'Records of the audit log that could not be written.',
    registers,
  });
  const writeSummaries = summaryGauges(registers);
  const writeFigures = subscriptionGauges(registers);
  return {
    listener: eventCounters(registers),
    observeRequest: (method, route, status, milliseconds) =>
      requests.observe(
        { method: METHODS.has(method) ? method : 'other', route, status: String(status) },
        milliseconds / 1000,
      ),
    auditWritten: ({ sequence }) => audit.set(sequence),
    auditFailed: () => auditFailures.inc(),
    notified: ({ outcome }) => notifications.inc({ outcome }),
    text: (summaries, figures) => {
      writeSummaries(summaries);
      writeFigures(figures);
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}

function eventCounters(registers: Registry[]): EventListener {
  const lag = new Histogram({
    name: 'passerelle_mirror_lag_seconds',
    help: 'From a change at one platform to its confirmation on this connection.',
    labelNames: ['connection', 'change'],
    buckets: LAG_SECONDS,
    registers,
  });
  const bookings = new Counter({
    name: 'passerelle_bookings_total',
    help: 'Bookings by what became of them: observed on a connection, or booked, refused, cancelled through this API.',
    labelNames: ['connection', 'outcome'],
    registers,
  });
  const conflicts = new Counter({
    name: 'passerelle_conflicts_total',
    help: 'Bookings of time that another platform had already sold.',
    labelNames: ['connection'],
    registers,
  });
  const changes = new Counter({
    name: 'passerelle_connection_changes_total',
    help: 'How often a connection went down or came up.',
    labelNames: ['connection', 'to'],
    registers,
  });
  const roster = new Counter({
    name: 'passerelle_roster_changes_total',
    help: 'Shifts of a roster that were moved or withdrawn, and bookings that were left without one.',
    labelNames: ['connection', 'change'],
    registers,
  });
  const rows = new Counter({
    name: 'passerelle_rows_read_total',
    help: 'Rows read from a connection, and those that were set aside.',
    labelNames: ['connection', 'outcome'],
    registers,
  });
  const lateness = new Histogram({
    name: 'passerelle_task_late_seconds',
    help: 'How long after its deadline a person did what they were asked to; 0 = in time.',
    labelNames: ['connection'],
    buckets: LATE_SECONDS,
    registers,
  });
  const escalations = new Counter({
    name: 'passerelle_escalations_total',
    help: 'Mails that say which tasks are overdue: escalated, or not-escalated where one could not be sent.',
    labelNames: ['connection', 'outcome'],
    registers,
  });

  return (event: EngineEvent) => {
    const connection = event.connectionId ?? OWN;
    switch (event.type) {
      case 'listing.closed':
      case 'listing.reopened':
      case 'listing.published':
      case 'listing.withdrawn':
      case 'listing.withheld':
      case 'listing.restored':
        return lag.observe({ connection, change: wordOf(event) }, event.lagMilliseconds / 1000);
      case 'busy.observed':
        if (event.busyKind === 'appointment') bookings.inc({ connection, outcome: 'observed' });
        return;
      case 'appointment.booked':
      case 'appointment.accepted':
      case 'appointment.refused':
      case 'appointment.cancelled':
      case 'appointment.moved':
        return bookings.inc({ connection, outcome: wordOf(event) });
      case 'conflict.detected':
        return conflicts.inc({ connection });
      case 'shift.moved':
      case 'shift.withdrawn':
      case 'appointment.unsupplied':
        return roster.inc({ connection, change: wordOf(event) });
      case 'connection.down':
      case 'connection.up':
        return changes.inc({ connection, to: wordOf(event) });
      case 'task.done':
        return lateness.observe({ connection }, event.lateMilliseconds / 1000);
      case 'tasks.escalated':
      case 'tasks.not-escalated':
        return escalations.inc({ connection, outcome: wordOf(event) });
      case 'feed.read':
        rows.inc({ connection, outcome: 'read' }, event.rows);
        return rows.inc({ connection, outcome: 'rejected' }, event.rejected);
      case 'busy.moved':
      case 'busy.ended':
      case 'appointment.claimed':
      case 'conflict.ended':
      case 'conflict.resolved':
      case 'feed.suspect':
      case 'feed.accepted':
      case 'feed.cleared':
        return;
    }
  };
}

/** `closed` of `listing.closed`. */
const wordOf = (event: EngineEvent): string => event.type.slice(event.type.indexOf('.') + 1);

/** What the store counts, so that it is true after a restart too. */
const OF_SUMMARY: Readonly<Record<string, { help: string; value: (summary: ConnectionSummary) => number }>> =
  {
    connection_up: {
      help: '1 = the circuit is closed; 0 = no call is made until the next attempt.',
      value: ({ openUntil, failures }) => (openUntil !== null && failures > 0 ? 0 : 1),
    },
    connection_failures: { help: 'Faults in a row.', value: ({ failures }) => failures },
    differing_listings: {
      help: 'Listings whose known state is not the desired one.',
      value: ({ differing }) => differing,
    },
    conflicts: { help: 'Conflicts that nobody has settled.', value: ({ conflicts }) => conflicts },
    rejected_records: {
      help: 'Records set aside because they could not be read.',
      value: ({ rejected }) => rejected,
    },
    suspect_feeds: {
      help: 'Feeds that lost most of what they showed: what is missing is held back until it is back or confirmed.',
      value: ({ suspects }) => suspects.length,
    },
    unreadable_feeds: {
      help: 'Feeds of which most records could not be read: they are not confirmed.',
      value: ({ unreadable }) => unreadable.length,
    },
    tasks_open: {
      help: 'What persons were asked to do at the connection and have not done.',
      value: ({ tasks }) => tasks.open,
    },
    tasks_overdue: { help: 'Of these, those past their deadline.', value: ({ tasks }) => tasks.overdue },
    slots: { help: 'Slots that the connection offers.', value: ({ slots }) => slots },
    confirmed_timestamp_seconds: {
      help: 'When it was last read to its end; 0 = never.',
      value: ({ confirmedAt }) => (confirmedAt ?? 0) / 1000,
    },
  };

function summaryGauges(registers: Registry[]): (summaries: readonly ConnectionSummary[] | null) => void {
  const storeUp = new Gauge({ name: 'passerelle_store_up', help: '1 = the database answers.', registers });
  const gauges = Object.entries(OF_SUMMARY).map(([name, { help, value }]) => ({
    gauge: new Gauge({ name: `passerelle_${name}`, help, labelNames: ['connection'], registers }),
    value,
  }));
  return (summaries) => {
    storeUp.set(summaries ? 1 : 0);
    for (const { gauge, value } of gauges) {
      gauge.reset();
      for (const summary of summaries ?? []) gauge.set({ connection: summary.id }, value(summary));
    }
  };
}

function subscriptionGauges(registers: Registry[]): (figures: SubscriptionFigures | null) => void {
  const subscriptions = new Gauge({
    name: 'passerelle_subscriptions',
    help: 'Subscriptions by their status.',
    labelNames: ['status'],
    registers,
  });
  const waiting = new Gauge({
    name: 'passerelle_changes_waiting',
    help: 'Changes that some subscriber is still to be told of.',
    registers,
  });
  return (figures) => {
    subscriptions.reset();
    for (const [status, count] of Object.entries(figures?.byStatus ?? {}))
      subscriptions.set({ status }, count);
    waiting.set(figures?.waiting ?? Number.NaN);
  };
}

import express, { type Router } from 'express';
import { adaptersApi } from './adapters.ts';
import { agendaApi } from './agenda.ts';
import { answered } from './answered.ts';
import { api } from './api.ts';
import type { AppDependencies } from './app.ts';
import { auditApi } from './audit.ts';
import { auditOf } from './auditing.ts';
import { ofAll, onDuty } from './authentication.ts';
import { backup } from './backup.ts';
import { configurationApi } from './configuration.ts';
import { conflictsApi } from './conflicts.ts';
import { connectionsApi } from './connections.ts';
import { contingencyApi } from './contingency.ts';
import { metrics as readMetrics } from './contract/health.ts';
import { deskApi } from './desk.ts';
import { events } from './events.ts';
import { incidentsApi } from './incidents.ts';
import { keysApi } from './keys.ts';
import { mountRaw } from './mount.ts';
import { outageApi } from './outage.ts';
import { peopleApi } from './people.ts';
import { personsApi } from './persons.ts';
import { policiesApi } from './policies.ts';
import { rosterApi } from './roster.ts';
import { tasksApi } from './tasks.ts';
import { tokensApi } from './tokens.ts';
import type { View } from './view.ts';

/** The routes of those who have said who they are, with what they may see. */
export function ownRoutes(
  view: View,
  dependencies: AppDependencies,
  report: (error: unknown) => string,
): Router {
  const { directory, operations, persons } = view;
  const { criteria } = view.front;
  const { registry, streams, clock, metrics, publicUrl } = dependencies;
  const audit = auditOf(dependencies.auditor);
  const app = express.Router();
  // A second fence: what is below these is of administrators, whatever a route of it declares.
  app.use(['/api/tokens', '/api/people', '/api/patients', '/api/configuration'], onDuty('administer'));
  app.use(['/api/audit', '/api/incidents', '/api/keys'], onDuty('administer'), ofAll);
  mountRaw(app, readMetrics, async (_asked, response) => {
    const [summaries, figures] = await Promise.all([
      answered(operations.summaries(), report),
      answered(registry.subscriptionFigures(), report),
    ]);
    const text = await metrics.text(summaries, figures);
    response.writeHead(200, { 'content-type': metrics.contentType });
    response.end(text);
  });
  app.use(api({ directory, operations, registry, clock, report, audit }));
  app.use(connectionsApi({ ...view, clock, audit }));
  app.use(adaptersApi({ directory, catalogue: dependencies.catalogue }));
  app.use(conflictsApi({ ...view, audit }));
  app.use(tasksApi({ ...view, clock, audit }));
  app.use(rosterApi({ ...view, clock }));
  app.use(policiesApi({ ...view, editor: dependencies.editor }));
  app.use(agendaApi({ ...view, audit }));
  app.use(deskApi({ ...view, audit }));
  app.use(outageApi({ ...view, clock }));
  app.use(contingencyApi({ ...dependencies, directory }));
  app.use(auditApi({ ...dependencies, audit, reader: dependencies.audit }));
  app.use(incidentsApi({ ...dependencies, audit, reader: dependencies.audit }));
  const organizations = dependencies.views(null)?.directory.entries.organizations ?? [];
  app.use(configurationApi({ ...dependencies, audit, report, areSeveral: organizations.length > 1 }));
  const organizationIds = directory.entries.organizations.map(({ id }) => id);
  app.use(tokensApi({ ...dependencies, audit, organizationIds }));
  app.use(peopleApi({ ...dependencies, audit, organizationIds }));
  app.use(personsApi({ ...persons, audit }));
  app.use(keysApi({ keys: dependencies.keys, report, audit }));
  app.use(events({ streams, criteria, clock, publicUrl, report }));
  app.use(backup(dependencies.takeBackup, audit));
  return app;
}

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import express, { type ErrorRequestHandler, type Express, type Request, type Router } from 'express';
import type { Logger } from 'pino';
import type { Authenticator } from '../access/authenticator.ts';
import type { People } from '../access/people/people.ts';
import { isPublication, publicationHandler } from '../authority/http.ts';
import type { ConfigurationEditor } from '../config/editing/editor.ts';
import type { Sheets } from '../contingency/keeper.ts';
import type { Principal } from '../domain/access.ts';
import type { Clock, Ids } from '../domain/environment.ts';
import type { ApiTokenStore } from '../engine/ports/access.ts';
import type { Auditor, AuditReader } from '../engine/ports/audit.ts';
import type { TakeBackup } from '../engine/ports/backup.ts';
import type { Operations } from '../engine/ports/front.ts';
import type { IncidentStore } from '../engine/ports/incidents.ts';
import type { Keys } from '../engine/ports/keys.ts';
import type { Streams, SubscriptionRegistry } from '../engine/ports/subscriptions.ts';
import { allowOrigins, answerOptions } from '../fhir/cors.ts';
import { asRefused, baseOf, type FhirHandler, fhirHandler } from '../fhir/http.ts';
import { seenFrom } from '../fhir/origin.ts';
import { failed, type OutcomeName, Refused } from '../fhir/outcomes.ts';
import { sendRefusal } from '../fhir/reply.ts';
import type { CatalogueEntry } from './adapters.ts';
import { answered } from './answered.ts';
import type { Verify } from './audit.ts';
import { auditOf, noteRefused, noteThrottled } from './auditing.ts';
import { type Authenticate, authenticated, bearer, callerOf, countedBy } from './authentication.ts';
import { addressOf, type IsProxy } from './client-address.ts';
import { consolePages } from './console.ts';
import type { ContingencyDependencies } from './contingency.ts';
import { openApiDocument } from './contract/document.ts';
import * as routes from './contract/health.ts';
import { reporter } from './failures.ts';
import type { Limiters } from './limiters.ts';
import type { Metrics } from './metrics.ts';
import { mount } from './mount.ts';
import { type OauthDependencies, oauth, smartConfiguration } from './oauth.ts';
import { ownRoutes } from './own-routes.ts';
import { readiness } from './readiness.ts';
import { securityHeaders, setHeaders } from './security-headers.ts';
import { withSheetAuthentication } from './sheet-authentication.ts';
import { authPages } from './sign-in/pages.ts';
import { withSessions } from './sign-in/session-caller.ts';
import { createThrottle } from './throttle.ts';
import type { TryConnection } from './trials.ts';
import type { View, Views } from './view.ts';
import { webhooks } from './webhooks.ts';

export type AppDependencies = {
  readonly views: Views;
  /** A platform's deliveries come to whoever keeps all organizations. */
  readonly receive: Operations['receive'];
  readonly keys: Keys;
  readonly registry: Pick<SubscriptionRegistry, 'subscriptionFigures'>;
  readonly streams: Streams;
  /** Null where the database is not embedded. */
  readonly takeBackup: TakeBackup | null;
  /** The adapters that are installed. */
  readonly catalogue: readonly CatalogueEntry[];
  readonly clock: Clock;
  readonly authenticator: Authenticator;
  readonly assertions: OauthDependencies['assertions'];
  readonly accessTokens: OauthDependencies['accessTokens'];
  readonly tokens: ApiTokenStore;
  readonly auditor: Auditor;
  readonly audit: AuditReader;
  readonly verify: Verify;
  readonly sheets: Sheets;
  /** Where an access to a sheet is recorded while the database does not answer. */
  readonly spool: ContingencyDependencies['spool'];
  readonly incidents: IncidentStore;
  readonly people: People;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly limiters: Limiters;
  readonly isProxy: IsProxy;
  readonly editor: ConfigurationEditor | null;
  readonly tryConnection: TryConnection;
  /** Where clients reach this server, without `/fhir`; null = where each request says. */
  readonly publicUrl: string | null;
};

/**
 * Every route of the server. `/fhir` is answered before Express comes into it, since a search is measured against
 * bare node:http (design.md, section 9); the rest is Express.
 */
export function createApp(
  dependencies: AppDependencies,
): RequestListener & { readonly routers: readonly [Express, Router] } {
  const { logger, metrics, authenticator, auditor } = dependencies;
  const report = reporter(logger);
  const publicUrl = dependencies.publicUrl?.replace(/(?<!\/)\/+$/, '') ?? null;
  const usual = withSessions(bearer(authenticator), dependencies.people, publicUrl);
  const { isCutOff } = dependencies.sheets;
  const authenticate = withSheetAuthentication({ ...dependencies, authenticate: usual, isCutOff, publicUrl });
  const handlersOf = perView(dependencies.views, (view) => {
    const options = { ...view, clock: dependencies.clock, auditor, publicUrl, report };
    return {
      fhir: fhirHandler(options),
      publish: publicationHandler(options),
      routes: ownRoutes(view, { ...dependencies, publicUrl }, report),
    };
  });
  const all = handlersOf(null);
  const refuse = (request: IncomingMessage, response: ServerResponse, error: unknown): void => {
    const refused = asRefused(error, report);
    noteRefused(auditor, request, refused, '/fhir');
    sendRefusal(request, response, refused);
  };
  const answerFhir = fhirOf(handlersOf, authenticate, publicUrl, refuse);
  const rest = restOf(
    { ...dependencies, publicUrl },
    authenticate,
    report,
    (caller) => handlersOf(caller.organizationId).routes,
  );

  const headers = securityHeaders(publicUrl);
  const throttle = createThrottle({
    limiters: dependencies.limiters,
    clientOf: countedBy(authenticate),
    isProxy: dependencies.isProxy,
    connectionIds: new Set(all.view.directory.entries.connections.map(({ id }) => id)),
    onRefused: (request, limit) => noteThrottled(auditor, request, limit),
  });
  const listener: RequestListener = (request, response) => {
    setHeaders(response, headers);
    seenFrom(request, addressOf(request, dependencies.isProxy));
    const startedAt = performance.now();
    const forFhir = isFhir(request.url ?? '');
    let route = forFhir ? '/fhir/*' : null;
    response.once('close', () => {
      const milliseconds = performance.now() - startedAt;
      const method = request.method ?? '';
      const pattern = route ?? patternOf(request);
      metrics.observeRequest(method, pattern, response.statusCode, milliseconds);
      record(logger, method, pattern, response.statusCode, milliseconds);
    });
    if (forFhir) allowOrigins(response);
    const routed = (pattern: string): void => {
      route = pattern;
    };
    throttle(request, response).then(
      (refused) => {
        if (refused) return sendRefusal(request, response, refused);
        return forFhir ? answerFhir(request, response, routed) : rest(request, response);
      },
      (error: unknown) => sendRefusal(request, response, failed(report(error))),
    );
  };
  return Object.assign(listener, { routers: [rest, all.routes] as const });
}

type FhirHandlers = { readonly fhir: FhirHandler; readonly publish: FhirHandler; readonly view: View };

function fhirOf(
  handlersOf: (organizationId: string | null) => FhirHandlers,
  authenticate: Authenticate,
  publicUrl: string | null,
  refuse: (request: IncomingMessage, response: ServerResponse, error: unknown) => void,
): (request: IncomingMessage, response: ServerResponse, routed: (pattern: string) => void) => void {
  const types = handlersOf(null).view.front.resources.map(({ type }) => type);
  return (request, response, routed) => {
    try {
      if (request.method === 'OPTIONS') {
        answerOptions(response);
        return;
      }
      if (isSmartConfiguration(request)) {
        const origin = baseOf(request, publicUrl).replace(/\/fhir$/, '');
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(smartConfiguration(origin, types));
        return;
      }
      const kind = isPublication(request.url ?? '') ? 'publish' : 'fhir';
      const answer = (caller: Principal): unknown =>
        handlersOf(caller.organizationId)[kind](request, response, routed, caller);
      const caller = isCapabilities(request) ? NOBODY : authenticate(request);
      if (!(caller instanceof Promise)) return void answer(caller);
      caller.then(answer).catch((error: unknown) => refuse(request, response, error));
    } catch (error) {
      refuse(request, response, error);
    }
  };
}

/** Made once for each organization that somebody asks for. @throws Refused where it is not configured any more. */
function perView<Made>(views: Views, make: (view: View) => Made) {
  const known = new Map<string | null, Made & { readonly view: View }>();
  return (organizationId: string | null): Made & { readonly view: View } => {
    const before = known.get(organizationId);
    if (before) return before;
    const view = views(organizationId);
    if (!view) throw noOrganization();
    const made = { ...make(view), view };
    known.set(organizationId, made);
    return made;
  };
}

const noOrganization = (): Refused =>
  new Refused('forbidden', {
    diagnostics: {
      fr: 'ce jeton est d’une organisation qui n’est plus configurée ici',
      en: 'this token is of an organization that is not configured here any more',
    },
    expression: 'http.Authorization',
  });

const ROUTES = [
  '/fhir',
  '/api/openapi.json',
  '/api/status',
  '/api/connections/:id/sync, …/confirm, …/rejected, …/lists, …/history, …/listings, …/pause, …/resume',
  '/api/adapters',
  '/api/conflicts',
  '/api/outage',
  '/api/contingency, ….csv, ….pdf',
  '/api/tasks',
  '/api/agenda, …/blocks, …/appointments',
  '/api/keys, …/rotate',
  '/api/patients/export, …/erase',
  '/api/events',
  '/api/tokens',
  '/api/backup',
  '/api/audit/verify, …/export',
  '/api/incidents',
  '/api/configuration, …/schema, …/check, …/organization, …/connections/:id',
  '/api/people',
  '/auth/sign-in, …/account, …/session',
  '/metrics',
  '/healthz',
  '/readyz',
];

/** Who has not said who it is. */
const NOBODY: Principal = {
  kind: 'client',
  id: '',
  name: '',
  organizationId: null,
  scopes: { types: new Map(), duties: new Set() },
};

const isFhir = (url: string): boolean => url.startsWith('/fhir') && /^[/?]?$/.test(url.charAt(5));

/** Where access tokens are had (SMART App Launch 2, «Conformance»). */
const isSmartConfiguration = ({ method, url = '' }: IncomingMessage): boolean =>
  (method === 'GET' || method === 'HEAD') && /^\/fhir\/\.well-known\/smart-configuration(\?|$)/.test(url);

/** What this server can do is public. */
const isCapabilities = ({ method, url = '' }: IncomingMessage): boolean =>
  (method === 'GET' || method === 'HEAD') && /^\/fhir\/metadata(\?|$)/.test(url);

/** The pattern that Express matched, never the path: a path has ids in it. */
function patternOf(request: IncomingMessage): string {
  const { route } = request as Partial<Request>;
  const path: unknown = route?.path;
  return typeof path === 'string' ? path : '*';
}

function record(logger: Logger, method: string, route: string, status: number, milliseconds: number): void {
  // Not being ready is an answer, given to whoever asks every few seconds.
  const isFailure = status >= 500 && route !== '/readyz';
  const level = isFailure ? 'error' : status >= 400 ? 'info' : 'debug';
  if (!logger.isLevelEnabled(level)) return;
  logger[level]({ method, route, status, milliseconds: Math.round(milliseconds * 10) / 10 }, 'request');
}

function restOf(
  dependencies: AppDependencies,
  authenticate: Authenticate,
  report: (error: unknown) => string,
  routesOf: (caller: Principal) => Router,
): Express {
  const { views, receive, clock, auditor } = dependencies;
  const audit = auditOf(auditor);
  const isConnection = (id: string): boolean =>
    (views(null) ?? unreachable()).directory.entries.connections.some((each) => each.id === id);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');

  mount(app, routes.healthz, ({ reply }) => reply(200, { status: 'ok' }));
  mount(app, routes.readyz, async ({ reply }) => {
    const { directory, operations } = views(null) ?? unreachable();
    const summaries = await answered(operations.summaries(), report);
    const { ready, reasons, connections } = readiness(directory, summaries, clock.now());
    // How the connections of others are, nobody is told who has not said who it is.
    const shown = directory.entries.organizations.length > 1 ? {} : { connections };
    return reply(ready ? 200 : 503, { ready, ...(reasons.length > 0 ? { reasons } : {}), ...shown });
  });
  mount(app, routes.describeApi, ({ reply }) => reply(200, openApiDocument()));
  app.use(webhooks({ receive, auditor, isConnection }));

  app.use(oauth({ ...dependencies, audit }));
  app.use(authPages({ ...dependencies, report }));
  app.use(consolePages());

  app.use(authenticated(authenticate));
  app.use((request, response, next) => routesOf(callerOf(request))(request, response, next));
  app.use(() => {
    throw new Refused('not-found', {
      diagnostics: { fr: `il y a ${ROUTES.join(', ')}`, en: `there are ${ROUTES.join(', ')}` },
    });
  });
  app.use(errorsOf(report, auditor));
  return app;
}

function unreachable(): never {
  throw new Error('there is always a view of all organizations');
}

/** What Express's own body parsers throw, by their status. */
const OF_STATUS: Readonly<Record<number, OutcomeName>> = {
  400: 'bad-request',
  413: 'too-large',
  415: 'wrong-media-type',
};

const errorsOf =
  (report: (error: unknown) => string, auditor: Auditor): ErrorRequestHandler =>
  (error: unknown, request, response: ServerResponse, _next) => {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const refused = refusalFor(error, report);
    noteRefused(auditor, request, refused, patternOf(request));
    sendRefusal(request, response, refused);
  };

function refusalFor(error: unknown, report: (error: unknown) => string): Refused {
  if (error instanceof Refused) return error;
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  const outcome = OF_STATUS[status];
  if (outcome)
    return new Refused(outcome, {
      diagnostics: {
        fr: 'le corps ou l’adresse ne se lit pas comme il a été envoyé',
        en: 'the body or the address cannot be read as it was sent',
      },
    });
  return failed(report(error));
}

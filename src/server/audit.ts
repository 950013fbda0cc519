import { once } from 'node:events';
import express, { type Router } from 'express';
import type { Verification } from '../audit/verify.ts';
import { formatInstant } from '../domain/instant.ts';
import type { AuditLink, AuditReader } from '../engine/ports/audit.ts';
import { auditLines } from '../fhir/audit-export.ts';
import { baseOf } from '../fhir/http.ts';
import { Refused } from '../fhir/outcomes.ts';
import type { Audit } from './auditing.ts';
import { callerOf } from './authentication.ts';
import { instantIn } from './period.ts';

/** The audit log for who answers for it: whether it is whole, and all of it as AuditEvents. */

export type Verify = (anchors: readonly AuditLink[], onPage: () => void) => Promise<Verification>;

export type AuditApiDependencies = {
  readonly reader: AuditReader;
  readonly verify: Verify;
  readonly publicUrl: string | null;
  readonly audit: Audit;
};

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
const ANCHOR = /^([1-9]\d{0,14}):([0-9a-f]{64})$/;

export function auditApi({ reader, verify, publicUrl, audit }: AuditApiDependencies): Router {
  const router = express.Router();

  /** `?anchor=<sequence>:<hash>`, repeated: ends of the chain that were noted before. Spaces in front say that it goes on. */
  router.get('/api/audit/verify', async (request, response) => {
    const anchors = anchorsIn(request.query['anchor']);
    const { last, from, to, ...found } = await verify(anchors, () => {
      if (!response.headersSent) response.writeHead(200, JSON_HEADERS);
      response.write(' ');
    });
    const detail = { records: String(found.records), fault: found.fault?.kind ?? 'none' };
    await audit(request, { type: 'audit.verified', action: 'E', detail });
    const said = {
      ...found,
      from: from === null ? null : formatInstant(from),
      to: to === null ? null : formatInstant(to),
      last,
    };
    if (!response.headersSent) response.writeHead(200, JSON_HEADERS);
    response.end(JSON.stringify(said));
  });

  /** NDJSON. `?from=` and `?before=` are instants. */
  router.get('/api/audit/export', async (request, response) => {
    const { from, before } = request.query;
    const fromMs = from === undefined ? null : instantIn(from, 'http.from');
    const beforeMs = before === undefined ? null : instantIn(before, 'http.before');
    const detail = {
      ...(fromMs === null ? {} : { from: formatInstant(fromMs) }),
      ...(beforeMs === null ? {} : { before: formatInstant(beforeMs) }),
    };
    await audit(request, { type: 'audit.exported', action: 'R', detail });
    response.writeHead(200, {
      'content-type': 'application/fhir+ndjson; charset=utf-8',
      'cache-control': 'no-store',
    });
    const query = {
      ...ANY_RECORD,
      at: [{ fromMs, beforeMs }],
      organizationId: callerOf(request).organizationId,
    };
    for await (const line of auditLines(reader, query, baseOf(request, publicUrl))) {
      if (response.destroyed) return;
      if (!response.write(line)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
    response.end();
  });

  return router;
}

const ANY_RECORD = {
  sequences: null,
  at: null,
  agents: null,
  name: null,
  types: null,
  outcomes: null,
  entities: null,
  patients: null,
  organizationId: null,
};

/** @throws Refused */
function anchorsIn(given: unknown): AuditLink[] {
  const list = given === undefined ? [] : Array.isArray(given) ? given : [given];
  return list.map((each) => {
    const [, sequence, hash] = ANCHOR.exec(String(each)) ?? [];
    if (sequence !== undefined && hash !== undefined) return { sequence: Number(sequence), hash };
    throw new Refused('invalid-parameter', {
      diagnostics: {
        fr: 'anchor : il faut <numéro>:<empreinte>, comme le journal ou « passerelle audit verify » l’écrit',
        en: 'anchor: must be <sequence>:<hash>, as the log or "passerelle audit verify" writes it',
      },
      expression: 'http.anchor',
    });
  });
}

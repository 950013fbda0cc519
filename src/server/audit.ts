import { once } from 'node:events';
import express, { type Response, type Router } from 'express';
import type { Verification } from '../audit/verify.ts';
import { formatInstant } from '../domain/instant.ts';
import type { AuditLink, AuditReader } from '../engine/ports/audit.ts';
import { auditLines } from '../fhir/audit-export.ts';
import { baseOf } from '../fhir/http.ts';
import type { Audit } from './auditing.ts';
import { callerOf } from './authentication.ts';
import * as routes from './contract/audit.ts';
import { mountRaw } from './mount.ts';
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

export function auditApi({ reader, verify, publicUrl, audit }: AuditApiDependencies): Router {
  const router = express.Router();

  /** Spaces in front say that it goes on. */
  mountRaw(router, routes.verifyAudit, async ({ request, query }, response, say) => {
    const anchors = query().anchor.map(anchorOf);
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
    say(200, said);
    response.end(JSON.stringify(said));
  });

  mountRaw(router, routes.exportAudit, async ({ request, query: asked }, response) => {
    const { from, before } = asked();
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
      if (!response.write(line)) await drained(response);
    }
    response.end();
  });

  return router;
}

/** Or closed, whichever is first; what listened for the other is taken away. */
async function drained(response: Response): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  const ends = ['drain', 'close'].map((event) => once(response, event, { signal }));
  try {
    await Promise.race(ends);
  } finally {
    over.abort();
    await Promise.allSettled(ends);
  }
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

/** What the route has taken for an anchor. */
function anchorOf(text: string): AuditLink {
  const [sequence, hash = ''] = text.split(':');
  return { sequence: Number(sequence), hash };
}

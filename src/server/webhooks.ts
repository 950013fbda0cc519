import type { IncomingHttpHeaders } from 'node:http';
import express, { type Router } from 'express';
import type { Auditor } from '../engine/ports/audit.ts';
import type { Operations } from '../engine/ports/front.ts';
import { agentOf } from '../fhir/origin.ts';
import { Refused } from '../fhir/outcomes.ts';
import { takeDelivery } from './contract/webhooks.ts';
import { mount } from './mount.ts';

const BODY_BYTES_MAX = 1024 * 1024;

export type WebhookDependencies = Pick<Operations, 'receive'> & {
  readonly auditor: Pick<Auditor, 'note'>;
  readonly isConnection: (id: string) => boolean;
};

/** `POST /webhooks/:connection`: a platform's delivery, signed over its raw bytes and checked by its adapter. */
export function webhooks({ receive, auditor, isConnection }: WebhookDependencies): Router {
  const router = express.Router();
  const raw = express.raw({ type: () => true, limit: BODY_BYTES_MAX, inflate: false });
  mount(
    router,
    takeDelivery,
    async ({ request, params, reply }) => {
      const id = params.connection;
      const body: unknown = request.body;
      const outcome = await receive(id, {
        headers: single(request.headers),
        body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
      });
      if (outcome === 'accepted') return reply(202, { status: 'accepted' });
      auditor.note({
        ...agentOf(request, null),
        type: 'webhook.refused',
        action: 'E',
        outcome: 'refused',
        // Any other may be anything that somebody typed.
        entities: isConnection(id) ? [`Connection/${id}`] : [],
        detail: {},
      });
      // The same whether there is such a connection or not: who has no secret learns nothing of either.
      const diagnostics = {
        fr: 'refusé : cette connexion ne prend pas de livraisons, la signature est fausse, elle a déjà été envoyée, ou elle ne se lit pas',
        en: 'refused: this connection takes no deliveries, the signature is wrong, it was sent before, or it cannot be read',
      };
      // A 401 always names a way to authenticate (RFC 9110, section 15.5.2).
      const challenge = { 'www-authenticate': 'Signature realm="webhooks"' };
      throw new Refused('unauthenticated', { diagnostics, code: 'security' }, challenge);
    },
    raw,
  );
  return router;
}

const single = (headers: IncomingHttpHeaders): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );

import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Targets } from './targets.ts';

/** Connections to others: only to targets that may be called, and by TLS only to whom a certificate names. */
export type Agents = {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  readonly close: () => void;
};

export function createAgents(targets: Pick<Targets, 'lookup'>): Agents {
  const httpAgent = new HttpAgent({ keepAlive: true, lookup: targets.lookup('http:') });
  const httpsAgent = new HttpsAgent({
    keepAlive: true,
    lookup: targets.lookup('https:'),
    // Said, so that NODE_TLS_REJECT_UNAUTHORIZED cannot unsay it. A clinic's own authority: NODE_EXTRA_CA_CERTS.
    rejectUnauthorized: true,
  });
  return {
    httpAgent,
    httpsAgent,
    close: () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

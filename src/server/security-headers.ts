import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import helmet from 'helmet';

export type Headers = readonly (readonly [name: string, value: string])[];

/**
 * What helmet has on every answer, asked for once: it is set on the answers of /fhir too, each of which is measured. What
 * is no page may load nothing and be shown in nothing.
 * @param publicUrl where clients reach us, or null. Only where that is https may they be told to stay there (RFC 6797, 7.2).
 */
export function securityHeaders(publicUrl: string | null): Headers {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    // Subdomains are another's to decide.
    strictTransportSecurity: publicUrl?.startsWith('https:') ? { includeSubDomains: false } : false,
  })(response.req, response, () => undefined);
  return Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]);
}

/** To be called before anything of the answer is written. */
export function setHeaders(response: ServerResponse, headers: Headers): void {
  for (const [name, value] of headers) response.setHeader(name, value);
}

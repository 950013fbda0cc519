import { isAxiosError } from 'axios';
import { Fault } from './faults.ts';
import { isRefusal, type TargetRefusal } from './targets.ts';

/** What a call that got no answer stands for. The client's error holds the request, and so a patient: only its code goes on. */

/** Errors before a byte of the request was sent: the platform cannot have acted. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Of the handshake, so nothing was sent either (Node's documentation of tls, X509 certificate error codes). */
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
  'CERT_NOT_YET_VALID',
  'CERT_HAS_EXPIRED',
  'CERT_CHAIN_TOO_LONG',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'HOSTNAME_MISMATCH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

export type Call = {
  /** Method and path. */
  readonly where: string;
  readonly host: string;
  readonly writes: boolean;
};

export function faultOfError(error: unknown, call: Call): Fault {
  const code = isAxiosError(error) ? (error.code ?? 'no code') : 'no code';
  if (isRefusal(code)) return forbidden(code, call);
  const { where, writes } = call;
  if (UNTRUSTED.has(code)) {
    const advice = 'if an authority of the clinic’s own has signed it, NODE_EXTRA_CA_CERTS must name that';
    return new Fault(
      'unavailable',
      `${where}: the certificate of ${call.host} is not trusted (${code}); ${advice}`,
    );
  }
  // The client has one code for this and for an answer that breaks off; only its words differ.
  const isTooLong = isAxiosError(error) && error.message.startsWith('maxContentLength');
  if (isTooLong) return new Fault(writes ? 'unsure' : 'malformed', `${where}: the answer is too long`);
  const wasSent = writes && !NEVER_SENT.has(code);
  return new Fault(wasSent ? 'unsure' : 'unavailable', `${where}: ${code}`);
}

/** The operator's to put right, so in the operator's words. */
export function forbidden(refusal: TargetRefusal, { where, host }: Pick<Call, 'where' | 'host'>): Fault {
  const reason =
    refusal === 'not-https'
      ? `${host} would be called by http: write https, or add it to allowedTargets of the connection`
      : `${host} has an address that is not public: if it is the platform’s, add it to allowedTargets of the connection`;
  return new Fault('forbidden', `${where}: not called, since ${reason}`);
}

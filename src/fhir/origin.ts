import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { nameOf, type Principal } from '../domain/access.ts';
import type { AuditAgent } from '../engine/ports/audit.ts';

/** Who asks, from where and why, as the audit log has it. */

/** v3-PurposeOfUse (HL7 terminology): what a request may say that it is for. */
const PURPOSES: ReadonlySet<string> = new Set(
  (
    'TREAT CAREMGT CLINTRL COC ETREAT BTG ERTREAT POPHLTH HPAYMT CLMATTCH COVAUTH COVERAGE ELIGDTRM ELIGVER ENROLLM ' +
    'MILDCRG REMITADV HOPERAT HACCRED HCOMPL HDECD HDIRECT HDM HLEGAL HMARKT HOUTCOMS HPRGRP HQUALIMP HSYSADMIN ' +
    'HTEST FRAUD GOV LABELING MEMADMIN METAMGT MILCDM PATADMIN PATSFTY PERFMSR RECORDMGT SYSDEV TRAIN HRESCH BIORCH ' +
    'CLINTRCH DSRCH POARCH PRECLINTRCH TRANSRCH PUBHLTH DISASTER THREAT PATRQT FAMRQT PWATRNY SUPNWK DONAT'
  ).split(' '),
);

const addresses = new WeakMap<IncomingMessage, string>();

/** From where a request is, as far as proxies of ours are believed; what else it says of that proves nothing. */
export const seenFrom = (request: IncomingMessage, address: string): void =>
  void addresses.set(request, address);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** One that only a machine makes: any other text might name somebody. */
function requestIdOf(request: IncomingMessage): string {
  const given = String(request.headers['x-request-id'] ?? '').toLowerCase();
  const id = ids.get(request) ?? (UUID.test(given) ? given : randomUUID());
  ids.set(request, id);
  return id;
}
const ids = new WeakMap<IncomingMessage, string>();

/**
 * @param caller null = who has not said who it is. What its token says that it is for counts over what the request says.
 */
export function agentOf(request: IncomingMessage, caller: Principal | null): AuditAgent {
  const { headers, socket } = request;
  const said = String(headers['x-purpose-of-use'] ?? '');
  return {
    agent: caller && nameOf(caller),
    name: caller?.name ?? null,
    organizationId: caller?.organizationId ?? null,
    address: (addresses.get(request) ?? socket.remoteAddress)?.replace(/^::ffff:(?=\d)/, '') ?? null,
    requestId: requestIdOf(request),
    purpose: [caller?.purpose ?? '', said].find((code) => PURPOSES.has(code)) ?? null,
  };
}

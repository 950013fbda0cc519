import type { Platform } from '../adapter/contract.ts';
import { type FaultKind, isFault } from '../adapter/faults.ts';
import { createHttp } from '../adapter/http.ts';
import { createTargets } from '../adapter/targets.ts';
import type { ConfiguredConnection } from '../config/settings.ts';
import { instant, SECOND } from '../domain/instant.ts';
import { clock } from './doctor-checks.ts';
import { type Finding, ok, problem, reasonOf, warning } from './finding.ts';

const TIMEOUT_MILLISECONDS = 15 * SECOND;

const ADVICE: Record<FaultKind, string> = {
  unauthorized: 'check its credentials with the platform; they are named under settings in the configuration',
  unavailable: 'check its address under settings, and whether this machine may reach it (firewall, proxy)',
  throttled:
    'the platform asks to slow down: wait, and make sure that nothing else uses the same credentials',
  forbidden: 'docs/configuration.md has allowedTargets, under connections',
  malformed: 'something else answers at this address: check it under settings',
  unsure: 'try again',
};

/** The cheapest call that proves that address and credentials work. Closes the platform. */
export async function checkPlatform({ id }: ConfiguredConnection, platform: Platform): Promise<Finding> {
  const began = Date.now();
  try {
    await platform.check(AbortSignal.timeout(TIMEOUT_MILLISECONDS));
    return ok(id, `answers in ${Date.now() - began} ms`);
  } catch (error) {
    if (!isFault(error)) return problem(id, reasonOf(error), 'this is a defect of its adapter: report it');
    const { kind, message } = error;
    if (kind === 'throttled') return warning(id, `${kind}: ${message}`, ADVICE[kind]);
    return problem(id, `${kind}: ${message}`, ADVICE[kind]);
  } finally {
    await platform.close();
  }
}

/**
 * The platform's clock by the Date of its answer (RFC 9110, section 6.6.1), which has whole seconds. Nothing is found
 * where it cannot be reached: that was said already.
 */
export async function checkPlatformClock(connection: ConfiguredConnection): Promise<Finding[]> {
  const url = firstAddress(connection.settings);
  if (url === null) return [];
  const http = createHttp({
    baseUrl: new URL(url).origin,
    limits: { timeoutMilliseconds: TIMEOUT_MILLISECONDS },
    pace: (call) => call(),
    targets: createTargets(connection.allowedTargets),
    clock: { now: () => instant(Date.now()) },
  });
  try {
    const asked = Date.now();
    const { headers } = await http.request({ method: 'HEAD', path: '/', answers: 'all' });
    const middle = (asked + Date.now()) / 2;
    const theirs = Date.parse(headers['date'] ?? '');
    return Number.isNaN(theirs) ? [] : [clock(connection.id, theirs + SECOND / 2 - middle, SECOND)];
  } catch (error) {
    if (!isFault(error)) throw error;
    return [];
  } finally {
    http.close();
  }
}

/** Settings are the adapter's own; that an address is among them is all that is known here. */
function firstAddress(settings: unknown): string | null {
  if (typeof settings !== 'object' || settings === null) return null;
  const values: unknown[] = Object.values(settings);
  const found = values.find((value) => typeof value === 'string' && /^https?:\/\//.test(value));
  return typeof found === 'string' ? found : null;
}

import type { FoundCalendars, Platform } from '../adapter/contract.ts';
import { isFault } from '../adapter/faults.ts';
import { createHttp } from '../adapter/http.ts';
import { createTargets } from '../adapter/targets.ts';
import { TRIAL_TIMEOUT_MILLISECONDS, tryPlatform } from '../adapter/trial.ts';
import type { ConfiguredConnection } from '../config/settings.ts';
import { SETUP_ADVICE } from '../contingency/fault-meanings.ts';
import { instant, SECOND } from '../domain/instant.ts';
import { clock } from './doctor-checks.ts';
import { type Finding, ok, problem, reasonOf, warning } from './finding.ts';

/**
 * The cheapest call that proves that address and credentials work, and whether the calendars that are linked are there. Closes
 * the platform.
 */
export async function checkPlatform(
  { id }: ConfiguredConnection,
  open: () => Platform,
  linked: readonly string[],
): Promise<Finding[]> {
  const { milliseconds, failure, calendars } = await tryPlatform(open);
  if (failure === null) {
    const found = calendars !== null && 'found' in calendars ? calendars : null;
    return [ok(id, `answers in ${milliseconds} ms`), ...(found ? missing(id, found, linked) : [])];
  }
  const { kind, error } = failure;
  const told = kind === 'unexpected' ? reasonOf(error) : `${kind}: ${reasonOf(error)}`;
  return [(kind === 'throttled' ? warning : problem)(id, told, SETUP_ADVICE[kind].en)];
}

function missing(id: string, { found, complete }: FoundCalendars, linked: readonly string[]): Finding[] {
  const there = new Set(found.map((each) => each.id));
  const gone = complete ? linked.filter((each) => !there.has(each)) : [];
  // It may be there all the same, as one that the platform lists to others: so nothing is kept from starting.
  return gone.map((calendar) =>
    warning(
      id,
      `the platform does not list the calendar ${calendar}`,
      'correct its id under calendars of the connection, or have the platform share it',
    ),
  );
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
    limits: { timeoutMilliseconds: TRIAL_TIMEOUT_MILLISECONDS },
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

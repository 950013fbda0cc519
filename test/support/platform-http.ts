import { expect } from 'chai';
import type { Limits } from '../../src/adapter/contract.ts';
import { type Fault, isFault } from '../../src/adapter/faults.ts';
import { createHttp, type Http } from '../../src/adapter/http.ts';
import { createPace } from '../../src/adapter/pace.ts';
import { systemClock } from '../../src/adapter/simulator/system-clock.ts';
import type { Targets } from '../../src/adapter/targets.ts';
import { loopback } from './loopback.ts';

/** The HTTP that adapters get, towards a server of a test. */

export const LIMITS: Limits = {
  requests: 1000,
  windowMilliseconds: 1000,
  concurrency: 10,
  timeoutMilliseconds: 300,
  stalenessMilliseconds: 0,
};

/** @param baseUrl of the server. It may be called on loopback, unless `targets` says otherwise. */
export const platformHttp = (
  baseUrl: string,
  { targets = loopback, ...limits }: Partial<Limits> & { readonly targets?: Targets } = {},
): Http => {
  const given = { ...LIMITS, ...limits };
  return createHttp({
    baseUrl,
    headers: { authorization: 'Bearer k' },
    limits: given,
    pace: createPace(given, systemClock),
    targets,
    clock: systemClock,
  });
};

export async function faultOf(call: () => Promise<unknown>): Promise<Fault> {
  try {
    await call();
  } catch (error) {
    expect(error).to.satisfy(isFault);
    return error as Fault;
  }
  throw new Error('no fault was thrown');
}

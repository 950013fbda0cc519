import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { CONTRACT_VERSION } from '../adapter/contract.ts';
import { issuesOf } from '../adapter/http.ts';
import type { IsolatedAdapter } from '../adapter/isolated.ts';
import type { LoadAdapters, Unusable } from '../config/adapters.ts';
import type { Problem } from '../config/problems.ts';
import { MINUTE, SECOND } from '../domain/instant.ts';
import { type Describing, describe } from './describe.ts';
import { type Description, ManifestData } from './description.ts';
import { type Located, locate } from './locate.ts';
import { openIsolated } from './platform.ts';
import type { Bounds } from './session.ts';

/** Adapters of other packages, from what the configuration names. */

const MEMORY_MEBIBYTES = 256;
const LOAD = {
  memoryMebibytes: MEMORY_MEBIBYTES,
  loadMilliseconds: 30 * SECOND,
  checkMilliseconds: 5 * SECOND,
};

/** Besides what follows from each adapter's own limits. */
export const BOUNDS: Omit<Bounds, 'callMilliseconds'> = {
  tickMilliseconds: 250,
  memoryMebibytes: MEMORY_MEBIBYTES,
  busyMilliseconds: 10 * SECOND,
  startMilliseconds: 30 * SECOND,
  messages: 10_000,
};

/** A call makes a handful of requests, each of which may take as long as the platform's time-out. */
const REQUESTS_OF_A_CALL = 10;
const CALL_MILLISECONDS_MAX = 10 * MINUTE;

export const createLoader =
  (bounds: Partial<Bounds> = {}, load: Partial<typeof LOAD> = {}): LoadAdapters =>
  async (written, folder) => {
    const describings: Describing[] = [];
    const found: (IsolatedAdapter | Unusable)[] = [];
    // One after the other, so that none is late because of the others.
    for (const text of written) {
      const located = locate(text, folder);
      if ('problem' in located) {
        found.push(located);
        continue;
      }
      const describing = await describe(located.entry, { ...LOAD, ...load });
      describings.push(describing);
      const file = isAbsolute(text) ? text : join(folder, text);
      found.push(
        describing.description.kind === 'misdescribed'
          ? misdescribed(describing.description.problems, file)
          : adapterOf(located, describing.description, describing.check, bounds),
      );
    }
    return {
      found,
      close: async () => {
        for (const each of describings) await each.close();
      },
    };
  };

const misdescribed = (problems: readonly Problem[], file: string): Unusable => ({
  problem: `cannot be used: ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}`,
  places: problems.map((each) => ({ ...each, file })),
});

function adapterOf(
  { entry, folder, source }: Located,
  description: Exclude<Description, { kind: 'misdescribed' }>,
  check: Describing['check'],
  bounds: Partial<Bounds>,
): IsolatedAdapter | Unusable {
  if (description.kind === 'useless') return { problem: description.problem };
  const { contractVersion } = description;
  if (contractVersion !== CONTRACT_VERSION) {
    const its =
      contractVersion === null ? 'no version of the contract' : `version ${contractVersion} of the contract`;
    const advice =
      contractVersion === null
        ? 'its default export must be what defineAdapter gives'
        : `install a version of ${contractVersion > CONTRACT_VERSION ? 'Passerelle' : 'it'} that is newer`;
    return { problem: `is for ${its}, and this Passerelle has ${CONTRACT_VERSION}: ${advice}` };
  }
  const parsed = ManifestData.safeParse(description.manifest);
  if (!parsed.success) {
    return { problem: `has a manifest that does not fit the contract (${issuesOf(parsed.error)})` };
  }
  const { limits } = parsed.data;
  return {
    // Its own schema checks, where its code is; this one has the same words for editors and errors.
    manifest: { ...parsed.data, settings: remote(check).meta(description.settings) },
    source,
    mappings: join(folder, 'mappings'),
    open: (options) =>
      openIsolated(entry, parsed.data.capabilities, options, {
        ...BOUNDS,
        callMilliseconds: Math.min(REQUESTS_OF_A_CALL * limits.timeoutMilliseconds, CALL_MILLISECONDS_MAX),
        ...bounds,
      }),
  };
}

const remote = (check: Describing['check']): z.ZodType =>
  z.unknown().superRefine((value, context) => {
    for (const issue of check(value)) context.addIssue(issue as Parameters<typeof context.addIssue>[0]);
  });

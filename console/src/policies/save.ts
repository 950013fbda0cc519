import { Problem } from '../api/problem.ts';
import { send } from '../api/send.ts';
import { mergedPolicy, type Rule } from './draft.ts';
import type { Configuration, Policy } from './model.ts';

/** Writes rules into the configuration file, one schedule after the other, each time that it runs by what was written before. */

type Entry = Readonly<Record<string, unknown>>;

export type Saving = {
  readonly scheduleIds: readonly string[];
  readonly policy: Policy;
  readonly rules: readonly Rule[];
  /** As it was when the form was filled. */
  readonly configuration: Configuration;
  /** Of each that is done. */
  readonly onSaved: (scheduleId: string) => void;
};

/** @throws Problem where one was refused; what was saved before it stays. */
export async function saveRules({
  scheduleIds,
  policy,
  rules,
  configuration,
  onSaved,
}: Saving): Promise<void> {
  let { document, revision } = configuration;
  for (const id of scheduleIds) {
    const { id: _, ...entry } = entryOf(document, id);
    const written = (entry['policy'] ?? {}) as Policy;
    const body = { ...entry, policy: mergedPolicy(written, policy, rules) };
    const saved = await send<{ readonly revision: string }>(
      'PUT',
      `/api/configuration/schedules/${encodeURIComponent(id)}`,
      { body, headers: { 'if-match': `"${revision}"` } },
    );
    const running = await whenItRuns(saved.revision);
    ({ document, revision } = running);
    onSaved(id);
  }
}

function entryOf(document: Configuration['document'], id: string): Entry {
  const schedules = (document?.['schedules'] ?? []) as readonly Entry[];
  const found = schedules.find((each) => each['id'] === id);
  if (!found) throw new Problem(404, [{ text: id, expression: null }]);
  return found;
}

const LOOK_MILLISECONDS = 400;
const LOOKS_MAX = 75;

/** It answers nobody while it starts anew. @throws Problem where it could not, or something else runs by now. */
async function whenItRuns(revision: string): Promise<Configuration> {
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const found = await send<Configuration>('GET', '/api/configuration').catch((error: unknown) => {
      if (error instanceof Problem && (error.status === 0 || error.status >= 500)) return null;
      throw error;
    });
    if (found?.failed?.revision === revision)
      throw new Problem(500, [{ text: found.failed.reason, expression: null }]);
    if (found?.running === revision) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS));
  }
  throw new Problem(0, []);
}

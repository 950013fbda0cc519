import { Problem } from '../api/problem.ts';
import { make } from '../configuration/commands.ts';
import { type Configuration, clinicOf } from '../configuration/model.ts';
import { mergedPolicy, type Rule } from './draft.ts';
import type { Policy } from './model.ts';

/** Writes rules into the configuration file, one schedule after the other, each time that it runs by what was written before. */

export type Saving = {
  readonly scheduleIds: readonly string[];
  readonly policy: Policy;
  readonly rules: readonly Rule[];
  /** As it was when the form was filled. */
  readonly configuration: Configuration;
  /** Of each that is done. */
  readonly onSaved: (scheduleId: string) => void;
};

/** @throws as `make`, where one was refused; what was saved before it stays. */
export async function saveRules({
  scheduleIds,
  policy,
  rules,
  configuration,
  onSaved,
}: Saving): Promise<void> {
  let seen = configuration;
  for (const id of scheduleIds) {
    const schedule = clinicOf(seen).schedules.find((each) => each.id === id);
    if (!schedule) throw new Problem(404, [{ text: id, expression: null }]);
    const written = (schedule['policy'] ?? {}) as Policy;
    const value = { ...schedule, policy: mergedPolicy(written, policy, rules) };
    seen = await make([{ edit: 'put', list: 'schedules', id, value }], seen);
    onSaved(id);
  }
}

import { channel } from 'node:diagnostics_channel';
import type { Route } from './route.ts';

/**
 * What routes answer, for whoever holds it against what they declare: the tests do, nobody listens in production, and then
 * nothing is done.
 */
export type AnswerGiven = { readonly route: Route; readonly status: number; readonly body: unknown };

export const ANSWERS = 'passerelle.api.answers';

const answers = channel(ANSWERS);

export function tellAnswer(route: Route, status: number, body: unknown): void {
  if (answers.hasSubscribers) answers.publish({ route, status, body } satisfies AnswerGiven);
}

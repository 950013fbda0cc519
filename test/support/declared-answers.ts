import { subscribe } from 'node:diagnostics_channel';
import { ANSWERS, type AnswerGiven } from '../../src/server/contract/answer-channel.ts';
import { unlikeDeclared } from './unlike-declared.ts';

/**
 * Mocha loads it before every file: whatever a route of the admin API answers, to any test, is held against what the route
 * declares. What a subscriber throws is thrown again outside of whoever published, and fails the test that is running.
 */
subscribe(ANSWERS, (given) => {
  const found = unlikeDeclared(given as AnswerGiven);
  if (found.length > 0) throw new Error(`answered unlike its declaration: ${found.join('; ')}`);
});

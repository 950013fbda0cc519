import type { AnswerGiven } from '../../src/server/contract/answer-channel.ts';

/** What is wrong with an answer, as the client reads it, by what its route declares; nothing = nothing. */
export function unlikeDeclared({ route, status, body }: AnswerGiven): string[] {
  const place = `${route.method.toUpperCase()} ${route.path} ${status}`;
  const declared = route.answers[status];
  if (!declared) return [`${place} is not declared`];
  const { error } = declared.schema.safeParse(JSON.parse(JSON.stringify(body)));
  return (error?.issues ?? []).map(
    ({ path, message }) => `${place} at ${path.join('.') || 'its root'}: ${message}`,
  );
}

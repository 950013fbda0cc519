import type { Change, Match, Matched, Streamed } from '../engine/ports/subscriptions.ts';

/**
 * The changes of which somebody is told, with the resource as it stands. One whose version is another by now is told with a
 * later change. Null = the criteria are refused.
 */
export async function lastOnes(
  match: Match,
  { resourceType, ...asked }: Streamed,
  changes: readonly Change[],
): Promise<readonly (readonly [Change, Matched])[] | null> {
  const wanted = changes.filter(
    (change) => change.resourceType === resourceType && change.isLast && change.version !== null,
  );
  if (wanted.length === 0) return [];
  const matched = await match(
    asked,
    wanted.map((change) => change.resourceId),
  );
  return (
    matched &&
    wanted.flatMap((change): (readonly [Change, Matched])[] => {
      const resource = matched.get(change.resourceId);
      return resource?.version === change.version ? [[change, resource]] : [];
    })
  );
}

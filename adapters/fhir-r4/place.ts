import type { Written } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import type { Mark, ObservedBusy } from '../../src/adapter/observation.ts';
import type { BusyKind } from '../../src/domain/busy.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { afterWriting, busyIn, type Desk, done, look, refusalIn, standing, versionOf } from './desk.ts';
import { type Purpose, tokenOf } from './marks.ts';
import type { Calendar } from './normalize.ts';
import { removed } from './removing.ts';
import type { Raw, Type } from './wire.ts';

/** How something is made, or changed: under a condition, and read back. */

export type Placing = {
  readonly type: Type;
  readonly purpose: Purpose;
  readonly mark: Mark;
  readonly interval: Interval;
  readonly body: object;
  /** What it has to be once it stands there. */
  readonly kind: BusyKind;
};

/** A row of ours as it stands, or a refusal. */
export type Placed = ObservedBusy | Written;
export const isRow = (placed: Placed): placed is ObservedBusy => 'externalId' in placed && 'kind' in placed;

/** Makes it, once, and reads it back. @throws Fault */
export async function place(desk: Desk, where: Calendar, placing: Placing): Promise<Placed> {
  const { type, purpose, mark, body } = placing;
  const response = await desk.client.create(type, body, tokenOf(purpose, mark));
  // 412 = several have the mark already (R4, http.html#ccreate), which is seen to below.
  const refusal = response.status === 412 ? null : refusalIn(response, true);
  if (refusal !== null) return refusal;
  return afterWriting(async () => {
    const isOld = response.status !== 201;
    // What was found may be over, as a booking that was cancelled and keeps its number: then nothing was made.
    if (isOld && (await standing(desk, where, type, purpose, mark)).length === 0) {
      const anew = refusalIn(await desk.client.create(type, body, null), true);
      if (anew !== null) return anew;
    }
    return settled(desk, where, placing);
  });
}

/** The one that stands; a server that knows no conditional create may have made two, and the younger goes. */
async function settled(desk: Desk, where: Calendar, { type, purpose, mark, kind }: Placing): Promise<Placed> {
  const [first, ...more] = await standing(desk, where, type, purpose, mark);
  for (const twin of more) await removed(desk, twin.externalId, mark, twin.revision);
  if (!first) throw new Fault('unsure', `${type}: written, and not found by its identifier`);
  if (first.busyKind !== kind) {
    await removed(desk, first.externalId, mark, first.revision);
    throw new Fault('malformed', `${type}: the server keeps it with another status than was written`);
  }
  return first;
}

/** Puts it in place of the version that we looked at, and reads it back. */
export async function replaced(
  desk: Desk,
  where: Calendar,
  before: Raw,
  after: object,
  isAsWritten: (now: ObservedBusy) => boolean,
): Promise<Written> {
  const { resourceType, id } = before;
  const response = await desk.client.update(resourceType, id, versionOf(before), after);
  const refusal = refusalIn(response, false);
  if (refusal !== null) return refusal;
  return afterWriting(async () => {
    const resource = await look(desk, `${resourceType}/${id}`);
    const row = resource && busyIn(desk, where, resource);
    if (row && isAsWritten(row)) return done(row);
    throw new Fault('unsure', `${resourceType}: the server does not show what it accepted`);
  });
}

import type { Written } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import type { Mark } from '../../src/adapter/observation.ts';
import { afterWriting, type Desk, done, GONE, look, refusalIn, TAKEN, versionOf } from './desk.ts';
import { ours } from './marks.ts';
import { Appointment, type Raw, Slot } from './wire.ts';

/**
 * Takes away what carries our mark, and nothing else. A Slot is deleted: as `free` it would be on offer. An Appointment is
 * cancelled: it is the clinic's record, also of who was to come. @throws Fault
 */
export async function removed(
  desk: Desk,
  externalId: string,
  mark: Mark,
  revision: string | null,
): Promise<Written> {
  const resource = await look(desk, externalId);
  if (resource === null) return GONE;
  const standing = standingIn(resource);
  if (standing.isOver) return GONE;
  if (standing.mark !== mark) return TAKEN;
  const version = versionOf(resource);
  if (revision !== null && revision !== version) return TAKEN;
  const { resourceType, id } = resource;
  const response =
    resourceType === 'Slot'
      ? await desk.client.remove(resourceType, id, version)
      : await desk.client.update(resourceType, id, version, { ...resource, status: 'cancelled' });
  const refusal = refusalIn(response, false);
  if (refusal !== null) return refusal;
  return afterWriting(async () => {
    const now = await look(desk, externalId);
    if (now === null || standingIn(now).isOver) return done(null);
    throw new Fault('unsure', `${resourceType}: the server still shows what it removed`);
  });
}

function standingIn(resource: Raw): { readonly isOver: boolean; readonly mark: Mark | null } {
  const parsed = (resource.resourceType === 'Slot' ? Slot : Appointment).safeParse(resource);
  if (!parsed.success) throw new Fault('malformed', `${resource.resourceType}: cannot be read`);
  const { status, identifier } = parsed.data;
  return {
    isOver: status === 'cancelled' || status === 'entered-in-error',
    mark: ours(identifier)?.mark ?? null,
  };
}

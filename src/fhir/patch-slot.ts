import type { JsonObject } from '../../mappings/fhir/validation/json.ts';
import type { Answer } from './answer.ts';
import { Refused } from './outcomes.ts';
import { notChanged, patched, unheeded } from './patch.ts';
import type { UpdateRequest } from './resource.ts';
import { refuseOtherVersion, type SlotWriteDependencies, updateSlot } from './slot-writes.ts';

/** `PATCH Slot/<id>`: what the patch makes of the slot, as it is served, goes the way of PUT. */

/** What PUT looks at. What else a patch changes would be lost, so it is refused. */
const HEEDED = [
  'appointmentType',
  'comment',
  'end',
  'extension',
  'schedule',
  'serviceType',
  'start',
  'status',
];

/** @throws Refused */
export async function patchSlot(
  dependencies: SlotWriteDependencies,
  { id, body, ifVersion }: Omit<UpdateRequest, 'context'>,
): Promise<Answer> {
  const { text, version } = await dependencies.readSlot(id);
  if (version) refuseOtherVersion(ifVersion, version.number);
  const before: JsonObject = JSON.parse(text);
  const after = patched(before, body);
  const issues = unheeded(before, after, HEEDED).map((key) => notChanged('Slot', key));
  if (issues.length > 0) throw new Refused('change-not-offered', issues);
  // The patch was made for this version, so it is not to be applied to another one.
  return updateSlot(dependencies, { id, body: after, ifVersion: version?.number ?? ifVersion });
}

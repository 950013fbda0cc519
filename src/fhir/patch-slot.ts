import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../mappings/fhir/validation/json.ts';
import type { Answer } from './answer.ts';
import { type Issue, Refused } from './outcomes.ts';
import { patched } from './patch.ts';
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
  const issues: Issue[] = [];
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (HEEDED.includes(key) || isDeepStrictEqual(before[key], after[key])) continue;
    const diagnostics = {
      fr: 'cet élément ne se change pas d’ici',
      en: 'this element is not changed from here',
    };
    issues.push({ diagnostics, expression: `Slot.${key.slice(0, 64)}` });
  }
  if (issues.length > 0) throw new Refused('change-not-offered', issues);
  // The patch was made for this version, so it is not to be applied to another one.
  return updateSlot(dependencies, { id, body: after, ifVersion: version?.number ?? ifVersion });
}

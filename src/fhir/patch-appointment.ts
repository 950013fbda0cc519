import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject } from '../../mappings/fhir/validation/json.ts';
import type { Bilingual } from '../domain/schedule.ts';
import type { Answer } from './answer.ts';
import { appointmentNotFound } from './called-off.ts';
import { type Issue, Refused } from './outcomes.ts';
import { notChanged, patched, unheeded } from './patch.ts';
import type { UpdateRequest } from './resource.ts';
import { appointmentById, appointmentTextFor } from './rows.ts';
import { refuseOtherVersion, type UpdateDependencies, update } from './update.ts';

/**
 * `PATCH Appointment/<id>`: what the patch makes of the appointment, as it is served, goes the way of PUT. A PUT leaves as it
 * is what its body leaves out or what is not kept here; a patch says just what is to change, so that is refused.
 */

/** What PUT looks at; the patient of a hold that is booked is among what is contained. */
const HEEDED = [
  'identifier',
  'status',
  'cancelationReason',
  'start',
  'end',
  'slot',
  'comment',
  'contained',
  'participant',
];

/** @throws Refused */
export async function patch(
  dependencies: UpdateDependencies,
  { id, body, ifVersion, context }: UpdateRequest,
): Promise<Answer> {
  const row = await appointmentById(dependencies.reader, id);
  if (!row) throw appointmentNotFound();
  refuseOtherVersion(ifVersion, row);
  const before: JsonObject = JSON.parse(appointmentTextFor(row, context));
  const after = patched(before, body);
  refuseUnheeded(before, after);
  // The patch was made for this version, so it is not to be applied to another one.
  return update(dependencies, { id, body: after, ifVersion: row.version, context });
}

function refuseUnheeded(before: JsonObject, after: JsonObject): void {
  const issues: Issue[] = [];
  const refuse = (key: string, diagnostics: Bilingual): void => {
    issues.push({ diagnostics, expression: `Appointment.${key.slice(0, 64)}` });
  };
  for (const key of unheeded(before, after, [])) {
    if (!Object.hasOwn(after, key)) {
      refuse(key, { fr: 'cet élément ne s’enlève pas d’ici', en: 'this element is not removed from here' });
    } else if (!HEEDED.includes(key)) issues.push(notChanged('Appointment', key));
  }
  const participants = listIn(after, 'participant');
  if (
    listIn(before, 'participant').some((each) => !participants.some((one) => isDeepStrictEqual(each, one)))
  ) {
    refuse('participant', {
      fr: 'qui participe reste tel quel; un patient peut s’y ajouter',
      en: 'who participates stays as is; a patient can be added',
    });
  }
  if (issues.length > 0) throw new Refused('change-not-offered', issues);
}

function listIn(resource: unknown, key: string): readonly unknown[] {
  const list: unknown = isObject(resource) ? resource[key] : undefined;
  return Array.isArray(list) ? list : [];
}

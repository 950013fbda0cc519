import type { ReadSlot } from '../../mappings/fhir/read-slot.ts';
import type { Directory } from '../domain/directory.ts';
import type { Bilingual } from '../domain/schedule.ts';
import type { SlotStatus } from '../domain/slot.ts';
import type { OfferingOutcome, OfferingRefusal, Offerings, SlotChange } from '../engine/ports/offerings.ts';
import { type Answer, DELETED } from './answer.ts';
import { incomingSlot, refuseOtherId } from './incoming.ts';
import { type Issue, Refused } from './outcomes.ts';
import { placed } from './placed.ts';
import type { UpdateRequest, Write } from './resource.ts';
import { isUuid } from './values.ts';

/**
 * Slots as they are written: POST puts time on offer, PUT changes it, DELETE withdraws it, where the agenda of its schedule
 * is edited here. What is offered elsewhere follows by itself. What anybody booked or holds is not touched.
 */

export type SlotWriteDependencies = {
  readonly directory: Directory;
  readonly offerings: Offerings;
  /** As it is served. */
  readonly readSlot: (id: string) => Promise<Answer>;
};

export async function createSlot(dependencies: SlotWriteDependencies, body: unknown): Promise<Answer> {
  const [id = ''] = idsOf(await dependencies.offerings.changeSlots([published(dependencies, body)]));
  return { ...(await dependencies.readSlot(id)), outcome: 'created', path: `Slot/${id}` };
}

export async function updateSlot(
  dependencies: SlotWriteDependencies,
  { id, body, ifVersion }: Omit<UpdateRequest, 'context'>,
): Promise<Answer> {
  idsOf(await dependencies.offerings.changeSlots([changed(dependencies, id, body, ifVersion)]));
  return dependencies.readSlot(id);
}

/** One that is not there, or not any more, is withdrawn already (R4, http.html, 3.1.0.7). */
export async function deleteSlot({ offerings }: SlotWriteDependencies, id: string): Promise<Answer> {
  if (isUuid(id)) idsOf(await offerings.changeSlots([withdrawn(id)]));
  return DELETED;
}

/** All of these or none. @throws Refused as the first of them that cannot be done would. */
export async function writeSlots(
  dependencies: SlotWriteDependencies,
  writes: readonly Write[],
): Promise<readonly Answer[]> {
  const asked = writes.filter((write) => write.kind !== 'delete' || isUuid(write.id));
  const changes = asked.map((write) => placed(write.place, 'Slot', () => changeOf(dependencies, write)));
  const result = await dependencies.offerings.changeSlots(changes);
  if (result.outcome === 'refused') throw offeringRefused(result, asked[result.index]?.place ?? 'Slot');
  const ids = new Map(asked.map((write, index) => [write, result.slotIds[index] ?? '']));
  return Promise.all(
    writes.map(async (write) => {
      const id = ids.get(write) ?? '';
      switch (write.kind) {
        case 'create':
          return { ...(await dependencies.readSlot(id)), outcome: 'created', path: `Slot/${id}` };
        case 'update':
          return dependencies.readSlot(id);
        case 'delete':
          return DELETED;
      }
    }),
  );
}

function changeOf(dependencies: SlotWriteDependencies, write: Write): SlotChange {
  switch (write.kind) {
    case 'create':
      return published(dependencies, write.body);
    case 'update':
      return changed(dependencies, write.id, write.body, write.ifVersion);
    case 'delete':
      return withdrawn(write.id);
  }
}

/** @throws Refused as createSlot() would, and changes nothing. */
export async function wouldCreateSlot(dependencies: SlotWriteDependencies, body: unknown): Promise<void> {
  idsOf(await dependencies.offerings.tryChanges([published(dependencies, body)]));
}

/** @throws Refused as updateSlot() would, and changes nothing. */
export async function wouldUpdateSlot(
  dependencies: SlotWriteDependencies,
  id: string,
  body: unknown,
): Promise<void> {
  idsOf(await dependencies.offerings.tryChanges([changed(dependencies, id, body, null)]));
}

/** @throws Refused as deleteSlot() would, and changes nothing. */
export async function wouldDeleteSlot({ offerings }: SlotWriteDependencies, id: string): Promise<void> {
  idsOf(await offerings.tryChanges([withdrawn(id)]));
}

const withdrawn = (slotId: string): SlotChange => ({ kind: 'withdraw', slotId, ifVersion: null });

const published = ({ directory }: SlotWriteDependencies, body: unknown): SlotChange => ({
  kind: 'publish',
  ...wish(incomingSlot(body), directory),
});

function changed(
  { directory }: SlotWriteDependencies,
  id: string,
  body: unknown,
  ifVersion: number | null,
): SlotChange {
  const slot = incomingSlot(body);
  refuseOtherId('Slot', slot.id, id);
  if (!isUuid(id)) throw unknown();
  return { kind: 'change', slotId: id, ifVersion, ...wish(slot, directory) };
}

/** What a slot takes over from its schedule must be the schedule's where it is said. @throws Refused */
function wish(slot: ReadSlot, directory: Directory) {
  const { scheduleId, interval, attributes, status, locationId, serviceId } = slot;
  if (status === 'entered-in-error') {
    throw new Refused('invalid-resource', {
      diagnostics: { fr: 'pour retirer une plage : DELETE', en: 'to withdraw a slot: DELETE' },
      expression: 'Slot.status',
    });
  }
  if (directory.hasSchedule(scheduleId)) {
    const schedule = directory.schedule(scheduleId);
    const issues: Issue[] = [];
    const ofSchedule = (expression: string): void => {
      issues.push({
        diagnostics: {
          fr: `n’est pas ce que dit Schedule/${scheduleId} : laissez-le de côté, ou nommez un autre horaire`,
          en: `is not what Schedule/${scheduleId} says: leave it out, or name another schedule`,
        },
        expression,
      });
    };
    if (serviceId !== null && serviceId !== schedule.serviceId) ofSchedule('Slot.serviceType');
    if (locationId !== null && locationId !== schedule.locationId) ofSchedule('Slot.extension');
    if (issues.length > 0) throw new Refused('invalid-resource', issues);
  }
  return { scheduleId, interval, attributes, status };
}

/** @throws Refused with the reason where it was not done. */
function idsOf(result: OfferingOutcome): readonly string[] {
  if (result.outcome === 'done') return result.slotIds;
  throw offeringRefused(result, 'Slot');
}

/** @param place FHIRPath of the slot that cannot be written */
function offeringRefused(refusal: OfferingRefusal, place: string): Refused {
  const of = (element: string, diagnostics: Bilingual): Issue => ({
    diagnostics,
    expression: `${place}.${element}`,
  });
  switch (refusal.refusal) {
    case 'unknown-slot':
      return unknown();
    case 'unknown-schedule':
      return new Refused('invalid-resource', of('schedule.reference', NO_SUCH_SCHEDULE));
    case 'elsewhere':
      return new Refused('slot-not-editable', of('schedule', refusal.reason));
    case 'version':
      return otherVersion(refusal.version, place);
    case 'taken':
      return new Refused('slot-taken', of('status', TAKEN));
    case 'duplicate':
      return new Refused('slot-duplicate', of('start', sameAs(refusal.slotId)));
    case 'begun':
      return new Refused('invalid-resource', of('start', BEGUN));
    case 'too-long':
      return new Refused('invalid-resource', of('end', TOO_LONG));
    case 'status':
      return new Refused('status-contradicted', of('status', statusIs(refusal.status)));
  }
}

/** @param ifVersion null = whichever it is. @throws Refused */
export function refuseOtherVersion(ifVersion: number | null, version: number): void {
  if (ifVersion !== null && ifVersion !== version) throw otherVersion(version, 'Slot');
}

const otherVersion = (version: number, place: string): Refused =>
  new Refused('version-mismatch', {
    diagnostics: {
      fr: `elle en est à la version ${version} : relisez-la`,
      en: `it is at version ${version}: read it again`,
    },
    expression: `${place}.meta.versionId`,
  });

const unknown = (): Refused =>
  new Refused('not-found', {
    diagnostics: { fr: 'aucune plage n’a cet id', en: 'no slot has this id' },
  });

const NO_SUCH_SCHEDULE: Bilingual = {
  fr: 'aucun horaire d’ici n’a cet id',
  en: 'no schedule of this server has this id',
};
const TAKEN: Bilingual = {
  fr: 'quelqu’un l’a réservée ou la retient : elle garde son heure et reste, jusqu’à ce que ce soit annulé ou déplacé',
  en: 'somebody booked or holds it: it keeps its time and stays until that is cancelled or moved',
};
const BEGUN: Bilingual = {
  fr: 'cette heure est passée : personne ne pourrait la réserver',
  en: 'this time has passed: nobody could book it',
};
const TOO_LONG: Bilingual = { fr: 'une plage dure un jour au plus', en: 'a slot lasts a day at the most' };

const sameAs = (slotId: string): Bilingual => ({
  fr: `Slot/${slotId} est à la même heure dans cet agenda; pour plusieurs patients à la fois : capacity de l’horaire`,
  en: `Slot/${slotId} has the same time in this agenda; for several patients at once: capacity of the schedule`,
});

const WHY: Record<SlotStatus, Bilingual> = {
  free: { fr: 'rien ne prend cette heure', en: 'nothing takes this time' },
  busy: { fr: 'un rendez-vous prend cette heure', en: 'an appointment takes this time' },
  'busy-unavailable': {
    fr: 'cette heure est bloquée sur une plateforme',
    en: 'this time is blocked on a platform',
  },
  'busy-tentative': { fr: 'cette heure est retenue', en: 'this time is held' },
};

const statusIs = (status: SlotStatus): Bilingual => ({
  fr: `le statut suit de ce qui prend l’heure : ${WHY[status].fr}, donc ${status}`,
  en: `the status follows from what takes the time: ${WHY[status].en}, so ${status}`,
});

import { isObject, type JsonObject } from '../../mappings/fhir/validation/json.ts';
import type { Directory } from '../domain/directory.ts';
import type { Offerings } from '../engine/ports/offerings.ts';
import type { Answer } from './answer.ts';
import { incomingSchedule, refuseOtherId } from './incoming.ts';
import { Refused } from './outcomes.ts';
import { patched, unheeded } from './patch.ts';
import type { UpdateRequest } from './resource.ts';
import type { Context } from './search.ts';

/**
 * Schedules as they are written: PUT and PATCH take one off offer, put it back, or offer it for a while only. All else of it
 * is the configuration, and stays.
 */

export type ScheduleWriteDependencies = {
  readonly directory: Directory;
  readonly offerings: Pick<Offerings, 'offerSchedule' | 'schedules'>;
  /** As it is served. @throws Refused where there is none. */
  readonly readSchedule: (id: string, context: Context) => Promise<Answer>;
};

/** What is written. */
const HEEDED = ['active', 'comment', 'planningHorizon'];
/** Who sends back what was read sends these, too: the version is a matter of If-Match. */
const UNCOMPARED = [...HEEDED, 'id', 'meta'];
/** Against others that keep writing the same schedule. */
const ATTEMPTS_MAX = 3;

/** @throws Refused */
export async function updateSchedule(
  dependencies: ScheduleWriteDependencies,
  request: UpdateRequest,
): Promise<Answer> {
  const { id, context } = request;
  const { text } = await dependencies.readSchedule(id, context);
  const served: JsonObject = JSON.parse(text);
  const version = await write(dependencies, request, (said) =>
    Object.keys(said).filter((key) => !UNCOMPARED.includes(key) && !isToldIn(served[key], said[key])),
  );
  if (version !== null) throw otherVersion(version);
  return dependencies.readSchedule(id, context);
}

/** What the patch makes of the schedule, as it is served, goes the way of PUT. @throws Refused */
export async function patchSchedule(
  dependencies: ScheduleWriteDependencies,
  { id, body, ifVersion, context }: UpdateRequest,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    // Whoever read it elsewhere just now knows a version that this process may not have heard of.
    await dependencies.offerings.schedules.refresh();
    const { text, version } = await dependencies.readSchedule(id, context);
    const served = version?.number ?? null;
    if (ifVersion !== null && served !== null && ifVersion !== served) throw otherVersion(served);
    const before: JsonObject = JSON.parse(text);
    const after = patched(before, body);
    // The patch was made for this version, so it is not to be applied to another one.
    const other = await write(dependencies, { id, body: after, ifVersion: served }, () =>
      unheeded(before, after, HEEDED),
    );
    if (other === null) return dependencies.readSchedule(id, context);
    // Another process wrote it just now: whoever named no version means the latest.
    if (ifVersion !== null || attempt === ATTEMPTS_MAX) throw otherVersion(other);
  }
}

/**
 * @param differing names the elements that are not written, and differ from what is served.
 * @returns null when it was done; else the version that it is at. @throws Refused
 */
async function write(
  { directory, offerings }: ScheduleWriteDependencies,
  { id, body, ifVersion }: Omit<UpdateRequest, 'context'>,
  differing: (said: JsonObject) => readonly string[],
): Promise<number | null> {
  const said = incomingSchedule(body, directory.zoneOf(id));
  refuseOtherId('Schedule', said.id, id);
  const issues = (isObject(body) ? differing(body) : []).map(ofConfiguration);
  if (issues.length > 0) throw new Refused('change-not-offered', issues);
  const result = await offerings.offerSchedule({ ...said.state, scheduleId: id, ifVersion });
  switch (result.outcome) {
    case 'done':
      return null;
    case 'version':
      return result.version;
    case 'unknown-schedule':
      throw new Refused('not-found', {
        diagnostics: { fr: 'aucun horaire n’a cet id', en: 'no schedule has this id' },
      });
  }
}

/** Whether all that is said is so. What is left out, at any depth, is taken over. */
function isToldIn(served: unknown, said: unknown): boolean {
  if (Array.isArray(said)) {
    return (
      Array.isArray(served) &&
      said.length === served.length &&
      said.every((each, index) => isToldIn(served[index], each))
    );
  }
  if (!isObject(said)) return said === served;
  return isObject(served) && Object.entries(said).every(([key, value]) => isToldIn(served[key], value));
}

const ofConfiguration = (key: string) => ({
  diagnostics: {
    fr: 'cet élément est dans la configuration : laissez-le de côté; d’ici se changent active, planningHorizon et comment',
    en: 'this element is in the configuration: leave it out; from here active, planningHorizon and comment are changed',
  },
  expression: `Schedule.${key.slice(0, 64)}`,
});

const otherVersion = (version: number): Refused =>
  new Refused('version-mismatch', {
    diagnostics: {
      fr: `il en est à la version ${version} : relisez-le`,
      en: `it is at version ${version}: read it again`,
    },
    expression: 'Schedule.meta.versionId',
  });

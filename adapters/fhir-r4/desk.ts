import type { Written } from '../../src/adapter/contract.ts';
import { Fault, isFault } from '../../src/adapter/faults.ts';
import type { HttpResponse } from '../../src/adapter/http.ts';
import type { Mark, Observation, ObservedBusy } from '../../src/adapter/observation.ts';
import { type Interval, overlaps } from '../../src/domain/interval.ts';
import { calendarOf } from './calendar.ts';
import { type Client, unexpected } from './client.ts';
import type { Settings } from './manifest.ts';
import { type Purpose, tokenOf } from './marks.ts';
import { type Calendar, keyOf, type Normalizer } from './normalize.ts';
import { appointmentsIn, blocksIn } from './reading.ts';
import { Raw, Slot, type Type } from './wire.ts';

/** What writes have in common: what they look at, what stands there, and what they answer. */

export type Desk = {
  readonly client: Client;
  readonly normalize: Normalizer;
  readonly settings: Settings;
};

export const GONE: Written = { outcome: 'gone' };
export const TAKEN: Written = { outcome: 'taken' };
export const done = (row: Pick<Observation, 'externalId' | 'revision'> | null): Written => ({
  outcome: 'done',
  externalId: row?.externalId ?? null,
  revision: row?.revision ?? null,
  sequence: null,
});

export const calendar = async (desk: Desk, id: string): Promise<Calendar> =>
  calendarOf(await desk.client.schedule(id));

/** What is no id of this server is looked for there all the same, and not found. */
function partsOf(externalId: string): { readonly type: Type; readonly id: string } {
  const [type, ...id] = externalId.split('/');
  return { type: type === 'Slot' ? 'Slot' : 'Appointment', id: id.join('/') };
}

const isGone = ({ status }: HttpResponse): boolean => status === 404 || status === 410;

/** As it is now; null = it is not there. @throws Fault */
export async function look(desk: Desk, externalId: string): Promise<Raw | null> {
  const { type, id } = partsOf(externalId);
  const response = await desk.client.read(type, id);
  if (isGone(response)) return null;
  if (response.status !== 200) throw unexpected(response);
  return response.json(Raw);
}

/** What it says of the time it takes; null = none. */
export function busyIn(desk: Desk, where: Calendar, resource: unknown): ObservedBusy | null {
  return desk.normalize(where, [resource]).rows.find((row) => row.kind === 'busy') ?? null;
}

/** Whatever carries the mark for that purpose and takes time, the oldest first. @throws Fault also where one cannot be read. */
export async function standing(
  desk: Desk,
  where: Calendar,
  type: Type,
  purpose: Purpose,
  mark: Mark,
): Promise<readonly ObservedBusy[]> {
  const found = await desk.client.all(type, [['identifier', tokenOf(purpose, mark)]]);
  const { rows, rejected } = desk.normalize(where, found);
  if (rejected.length > 0) throw new Fault('malformed', 'a resource that carries our mark cannot be read');
  return rows
    .filter((row) => row.kind === 'busy' && row.mark === mark)
    .map((row) => row as ObservedBusy)
    .sort((a, b) => (a.changedAt ?? 0) - (b.changedAt ?? 0) || (a.externalId < b.externalId ? -1 : 1));
}

/** What else takes that time. What cannot be read takes it too. */
export async function taking(
  desk: Desk,
  where: Calendar,
  interval: Interval,
  own: string | null,
): Promise<readonly (ObservedBusy | null)[]> {
  const [appointments, blocks] = await Promise.all([
    desk.client.all('Appointment', appointmentsIn(where, interval)),
    desk.client.all('Slot', blocksIn(where, interval)),
  ]);
  const { rows, rejected } = desk.normalize(where, [...appointments, ...blocks]);
  const read = new Set(rows.map(({ externalId }) => externalId));
  const unread = rejected.filter(({ externalId }) => externalId === null || !read.has(externalId));
  const others = rows.filter(
    (row): row is ObservedBusy =>
      row.kind === 'busy' && row.externalId !== own && overlaps(row.interval, interval),
  );
  return [...others, ...unread.map(() => null)];
}

/** Whether the slot is on offer as we speak, at that time. */
export async function isOnOffer(desk: Desk, slot: string, { start, end }: Interval): Promise<boolean> {
  const parsed = Slot.safeParse(await look(desk, slot));
  return (
    parsed.success && parsed.data.status === 'free' && parsed.data.start <= start && end <= parsed.data.end
  );
}

/**
 * Of two who wrote at once, who gives way. The server's times decide, as both see them: whoever wrote first looked before
 * the other was there, and stays. A stranger does not look again, so it is we who give way to one; at the same moment
 * both do, which costs a booking and never makes two.
 */
export const givesWay = (mine: ObservedBusy, others: readonly (ObservedBusy | null)[]): boolean =>
  others.some(
    (other) =>
      other === null ||
      other.mark === null ||
      mine.changedAt === null ||
      other.changedAt === null ||
      other.changedAt <= mine.changedAt,
  );

/** A fault of what follows a write leaves open what stands there. */
export async function afterWriting<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new Fault('unsure', `after a write: ${error.message}`, { cause: error });
  }
}

/** What an answer to a write says before it is read back; null = it was taken. */
export function refusalIn(response: HttpResponse, isNew: boolean): Written | null {
  const { status } = response;
  if (status >= 200 && status < 300) return null;
  if (status === 409 || status === 412) return TAKEN;
  if (isGone(response) && !isNew) return GONE;
  throw unexpected(response);
}

/** @throws Fault where the server gives no version: nothing can be changed there without overwriting what others changed. */
export function versionOf(resource: Raw): string {
  const meta = resource['meta'];
  const version = typeof meta === 'object' && meta !== null ? Reflect.get(meta, 'versionId') : undefined;
  if (typeof version !== 'string') {
    throw new Fault('malformed', `${keyOf(resource.resourceType, resource.id)} has no meta.versionId`);
  }
  return version;
}

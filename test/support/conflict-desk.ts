import type { Answer, MirroredClinic } from './mirrored-clinic.ts';
import { until } from './servers.ts';
import type { SimSlot } from './simulated-site.ts';

/** Somebody at the clinic who sees conflicts and settles them, over HTTP. */

type Side = 'a' | 'b';
type Times = { readonly start: string; readonly end: string };

export type SeenConflict = Times & {
  readonly id: string;
  readonly state: string;
  readonly actor: string;
  readonly resolution: { readonly resolution: string; readonly by: string; readonly at: string } | null;
  readonly endedAt: string | null;
  readonly bookings: Readonly<
    Record<Side, Times & { appointment: string; connection: string | null; holdsLock: boolean }>
  >;
  readonly proposals: Readonly<
    Record<Side, readonly (Times & { slot: string; connection: string; distanceMinutes: number })[]>
  >;
};

/** Two patients who booked one time of one doctor, each on a platform that had not heard of the other. */
export type Collision = {
  readonly conflict: SeenConflict;
  /** The platforms' own ids of the bookings. */
  readonly vendorBooking: string;
  readonly rvsqBooking: string;
  readonly vendorSlot: SimSlot;
  readonly rvsqSlot: SimSlot;
  readonly vendorSide: Side;
  readonly rvsqSide: Side;
};

export class ConflictDesk {
  readonly #clinic: MirroredClinic;

  constructor(clinic: MirroredClinic) {
    this.#clinic = clinic;
  }

  /**
   * The vendor's webhook is lost, so RVSQ sells the time too before the vendor is read.
   * @param index of the vendor's later slots.
   */
  async collide(index: number): Promise<Collision> {
    const { vendor, rvsq } = this.#clinic;
    const before = new Set((await this.list()).map(({ id }) => id));
    const vendorSlot = await vendor.laterSlot(index);
    const rvsqSlot = (await rvsq.overlapping(vendorSlot)).find(({ status }) => status === 'free');
    if (!rvsqSlot) throw new Error('no free slot on the other grid');
    await vendor.faults({ webhooks: { lose: true } });
    const [vendorBooking, rvsqBooking] = [await vendor.book(vendorSlot.id), await rvsq.book(rvsqSlot.id)];
    await vendor.faults({});
    await this.read('bonjour-sante');
    let conflict: SeenConflict | undefined;
    await until('the conflict is shown', async () => {
      conflict = (await this.list()).find(({ id }) => !before.has(id));
      return conflict !== undefined;
    });
    if (!conflict) throw new Error('the conflict went away');
    const vendorSide = conflict.bookings.a.connection === 'rvsq' ? 'b' : 'a';
    const rvsqSide = vendorSide === 'a' ? 'b' : 'a';
    return { conflict, vendorBooking, rvsqBooking, vendorSlot, rvsqSlot, vendorSide, rvsqSide };
  }

  /** Has the connection read whole, now. */
  async read(connectionId: string): Promise<void> {
    const response = await fetch(new URL(`/api/connections/${connectionId}/sync`, this.#clinic.url), {
      method: 'POST',
      headers: await this.#clinic.headers(),
    });
    await response.text();
  }

  async list(state = 'open'): Promise<SeenConflict[]> {
    const { json } = await this.#clinic.ask<{ conflicts: SeenConflict[] }>(
      'GET',
      `/api/conflicts?state=${state}`,
    );
    return json.conflicts;
  }

  async find(id: string): Promise<SeenConflict> {
    const { status, json } = await this.#clinic.ask<SeenConflict>('GET', `/api/conflicts/${id}`);
    if (status !== 200) throw new Error(`the conflict ${id} was answered ${status}`);
    return json;
  }

  resolve<T>(id: string, body: unknown): Promise<Answer<T>> {
    return this.#clinic.ask('POST', `/api/conflicts/${id}/resolve`, body);
  }

  /** What was told of it, in order. */
  types(id: string): string[] {
    return this.#clinic.events.flatMap((event) =>
      'conflictId' in event && event.conflictId === id ? [event.type] : [],
    );
  }
}

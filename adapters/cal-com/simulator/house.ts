import type { SimReply } from '../../../src/adapter/simulator/router.ts';

/** What an account has besides its agenda. */

export const SLOT_MINUTES = 20;

/** For each doctor, by the last digit of its id. */
const EVENT_TYPES = [
  { digit: 1, slug: 'suivi-regulier', title: 'Suivi régulier', confirms: false, seats: null },
  { digit: 2, slug: 'consultation-urgente', title: 'Consultation urgente', confirms: true, seats: null },
  { digit: 3, slug: 'atelier', title: 'Atelier de groupe', confirms: false, seats: 8 },
] as const;

export type SimulatedEventType = {
  readonly id: number;
  readonly ownerId: number;
  readonly slug: string;
  readonly title: string;
  readonly confirms: boolean;
  readonly seats: number | null;
};

export const eventTypeId = (owner: number, digit: 1 | 2 | 3): number => owner * 10 + digit;

export const eventTypesOf = (calendar: string): readonly SimulatedEventType[] =>
  EVENT_TYPES.map(({ digit, ...rest }) => ({
    id: eventTypeId(Number(calendar), digit),
    ownerId: Number(calendar),
    ...rest,
  }));

/** Kept in memory only, and as long as the simulator. */
export class House {
  readonly pending = new Set<string>();
  /** Bookings that stand there still, and take no time. */
  readonly cancelled = new Map<string, object>();
  readonly bookedAs = new Map<string, number>();
  #received: number[] = [];

  /** The headers of its limit, 120 a minute. It only counts: `rateLimit` of the control API refuses. */
  limitHeaders(now: number): Record<string, string> {
    this.#received = [...this.#received.filter((at) => at > now - 60_000), now];
    const [oldest = now] = this.#received;
    return {
      'x-ratelimit-limit-default': '120',
      'x-ratelimit-remaining-default': String(Math.max(0, 120 - this.#received.length)),
      'x-ratelimit-reset-default': String(Math.ceil((oldest + 60_000 - now) / 1000)),
    };
  }
}

export const success = (data: unknown, status = 200, more: object = {}): SimReply => ({
  status,
  body: { status: 'success', data, ...more },
});

export const problem = (status: number, code: string, message: string): SimReply => ({
  status,
  body: { status: 'error', timestamp: '2026-11-24T14:20:00.000Z', path: '/v2', error: { code, message } },
});

import type { z } from 'zod';
import type { Random } from '../../domain/environment.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Agenda } from './agenda.ts';
import type { Change, RecordKind } from './records.ts';
import type { SimReply, SimRequest } from './router.ts';

/** What makes one simulator different from another; all else is the kit's. */
export type SimulatedPlatform<Offer> = {
  readonly id: string;
  readonly slotMinutes: number;
  /** The platform's own id of an actor's agenda. */
  readonly calendarOf: (actor: string) => string;
  readonly idOf: (kind: RecordKind, ordinal: number, seed: string) => string;
  /** The attributes of a generated slot, a plausible mix in the platform's own codes. */
  readonly offer: (random: Random, availableSince: Instant) => Offer;
  readonly offerSchema: z.ZodType<Offer>;
  /** Whether time can be closed there (default: yes). */
  readonly hasBlocks?: boolean;
  /** The platform's own API. */
  readonly handle: (agenda: Agenda<Offer>, request: SimRequest) => SimReply;
  /** Present where the platform sends webhooks. */
  readonly webhook?: {
    readonly body: (change: Change<Offer>, at: Instant) => unknown;
    readonly headers: (body: string, secret: string, at: Instant) => Record<string, string>;
    /** It sends each message once, whatever becomes of it (default: it tries again for some seconds). */
    readonly isSentOnce?: boolean;
  };
};

import { z } from 'zod';
import type { Agenda } from '../../../src/adapter/simulator/agenda.ts';
import type { SimulatedPlatform } from '../../../src/adapter/simulator/platform.ts';
import type { SimReply, SimRequest } from '../../../src/adapter/simulator/router.ts';
import { Account, type ServiceAccounts } from './account.ts';
import { createApi } from './api.ts';
import { Book } from './book.ts';

/** A calendar has no slots of its own: these are those of the working plan that the clinic's settings have. */
const Offer = z.object({});
export type Offer = z.output<typeof Offer>;

export const SLOT_MINUTES = 20;

/** Google Calendar in small, one of its own for each simulator: what clients name comes to stand under their names. */
export function googleCalendar(serviceAccounts: ServiceAccounts = {}): SimulatedPlatform<Offer> {
  let opened: { readonly book: Book; readonly api: (request: SimRequest) => SimReply } | null = null;
  const open = (agenda: Agenda<Offer>) => {
    const book = new Book(agenda);
    opened = { book, api: createApi(book, new Account(serviceAccounts)) };
    return opened;
  };
  return {
    id: 'google-calendar',
    slotMinutes: SLOT_MINUTES,
    calendarOf: (actor) => `${actor}@clinique-fictive.invalid`,
    idOf: (kind, ordinal) =>
      opened?.book.nextId ?? `${kind === 'slot' ? 'plage' : 'ev'}${String(ordinal).padStart(6, '0')}`,
    offer: () => ({}),
    offerSchema: Offer,
    // The working plan leaves lunch out, so nobody closes it.
    hasBlocks: false,
    handle: (agenda, request) => (opened ?? open(agenda)).api(request),
  };
}

import { formatWall } from '../../domain/recurrence/wall.ts';
import { fromLocal } from '../zone.ts';
import { type Offered, slotsOfAvailability } from './availability.ts';
import { type Days, slotsOfPlan } from './plan.ts';
import type { Supply } from './settings.ts';
import type { Zones } from './zones.ts';

/** The slots of a calendar: of its working plan, or of the VAVAILABILITY in some texts. Pure. */

export type Offer = {
  readonly calendar: string;
  readonly supply: Supply;
  /** IANA */
  readonly zone: string;
  readonly zones: Zones;
};
/** A text in which VAVAILABILITY is looked for. */
export type OfferSource = { readonly href: string; readonly text: string };

export function offerOf(offer: Offer, days: Days, sources: readonly OfferSource[]): Offered {
  const { calendar, supply, zone, zones } = offer;
  if (supply.kind === 'plan') return { slots: slotsOfPlan(calendar, supply, zone, days), rejected: [] };
  const range = { start: fromLocal(formatWall(days.from), zone), end: fromLocal(formatWall(days.to), zone) };
  const said = sources.filter(({ text }) => text !== '');
  return slotsOfAvailability(calendar, said, supply, zones, range);
}

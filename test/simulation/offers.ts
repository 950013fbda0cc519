import { MINUTE, plus } from '../../src/domain/instant.ts';
import { type Interval, overlaps, sameInterval } from '../../src/domain/interval.ts';
import { type Evidence, MARK, type Waiting, when } from './checker.ts';
import { RVSQ, VENDOR, whoseTime } from './clinic.ts';
import { onOffer } from './offerings.ts';
import { isReleased } from './releases.ts';
import { roomOf } from './room.ts';
import { type Holder, holders } from './shares.ts';

/**
 * Where RVSQ is fed with the vendor's slots: each that is released, is its to sell, has room and is of a schedule that has
 * it on offer is on offer there, once, and no other.
 */
export async function offers(evidence: Evidence, waiting: readonly Waiting[]): Promise<string[]> {
  const { sites, topology } = evidence;
  if (topology !== 'publish') return [];
  const holder = await holders(evidence);
  const isOnOffer = await onOffer(evidence);
  return sites[RVSQ].agenda.calendars.flatMap(({ id, actor: agenda }) => {
    const actor = whoseTime(agenda);
    const mayOffer = (interval: Interval): boolean => isOnOffer(actor, interval);
    const whose = (interval: Interval): Holder => holder(actor, interval);
    return offersOn(evidence, { calendar: id, actor }, waiting, whose, mayOffer);
  });
}

function offersOn(
  evidence: Evidence,
  { calendar, actor }: { readonly calendar: string; readonly actor: string },
  waiting: readonly Waiting[],
  holderOf: (interval: Interval) => Holder,
  mayOffer: (interval: Interval) => boolean,
): string[] {
  const { sites, now, release } = evidence;
  const ahead = plus(now, MINUTE);
  const hasRoom = roomOf(evidence, actor, waiting);
  const [home, there] = [sites[VENDOR].agenda, sites[RVSQ].agenda];
  const homes = home.calendars.filter((each) => whoseTime(each.actor) === actor).map(({ id }) => id);
  const sold = there.busy(calendar);
  const own = homes.flatMap((id) => home.slots(id));
  const published = there
    .slots(calendar)
    .filter(({ interval, reference }) => interval.start > ahead && reference?.startsWith(MARK));
  const wrong = own
    .filter(({ interval }) => interval.start > ahead)
    .flatMap(({ interval }) => {
      const shown = published.filter((offer) => sameInterval(offer.interval, interval)).length;
      // Of several agendas, each has its own.
      const all = own.filter((slot) => sameInterval(slot.interval, interval)).length;
      // What was sold there stays on the platform's list as it is: the booking is its own.
      const isSold = sold.some((busy) => overlaps(busy.interval, interval));
      const whose = holderOf(interval);
      if (whose === 'soon') return [];
      const isItsOwn = whose === 'all' || whose === RVSQ;
      const isOpen =
        isReleased(release, interval.start, now) &&
        (isSold || (isItsOwn && hasRoom(interval) && mayOffer(interval)));
      const most = isOpen ? all : 0;
      const least = isSold ? 0 : most;
      return shown < least || shown > most ? [`${when(actor, interval)} is offered ${shown} times`] : [];
    });
  const groundless = published.filter(({ interval }) =>
    own.every((slot) => !sameInterval(slot.interval, interval)),
  );
  return [
    ...wrong,
    ...groundless.map(({ interval }) => `${when(actor, interval)} is offered and does not exist`),
  ];
}

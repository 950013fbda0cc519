import { MINUTE, plus } from '../../src/domain/instant.ts';
import { type Interval, overlaps, sameInterval } from '../../src/domain/interval.ts';
import { type Evidence, isOurBlock, MARK, when } from './checker.ts';
import { RVSQ, VENDOR } from './clinic.ts';

/** Where RVSQ is fed with the vendor's slots: each free one is on offer there, once, and none whose time is taken. */
export function offers(
  { sites, topology, now }: Evidence,
  waiting: readonly { readonly actor: string; readonly interval: Interval }[],
): string[] {
  if (topology !== 'publish') return [];
  const ahead = plus(now, MINUTE);
  const [home, there] = [sites[VENDOR].agenda, sites[RVSQ].agenda];
  return home.calendars.flatMap(({ id, actor }) => {
    const elsewhere = there.calendars.find((calendar) => calendar.actor === actor)?.id ?? '';
    const sold = there.busy(elsewhere);
    const taken = [
      ...home.busy(id).filter((busy) => !isOurBlock(busy)),
      ...waiting.filter((visit) => visit.actor === actor),
    ];
    const own = home.slots(id);
    const published = there
      .slots(elsewhere)
      .filter(({ interval, reference }) => interval.start > ahead && reference?.startsWith(MARK));
    const wrong = own
      .filter(({ interval }) => interval.start > ahead)
      .flatMap(({ interval }) => {
        const shown = published.filter((offer) => sameInterval(offer.interval, interval)).length;
        const meets = (busy: { readonly interval: Interval }) => overlaps(busy.interval, interval);
        // What was sold there stays on the platform's list as it is: the booking is its own.
        const most = sold.some(meets) ? 1 : taken.some(meets) ? 0 : 1;
        const least = sold.some(meets) ? 0 : most;
        return shown < least || shown > most ? [`${when(actor, interval)} is offered ${shown} times`] : [];
      });
    const groundless = published.filter(({ interval }) =>
      own.every((slot) => !sameInterval(slot.interval, interval)),
    );
    return [
      ...wrong,
      ...groundless.map(({ interval }) => `${when(actor, interval)} is offered and does not exist`),
    ];
  });
}

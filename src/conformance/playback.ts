import { instant } from '../domain/instant.ts';
import { interval } from '../domain/interval.ts';
import { Untried } from './case.ts';
import type { Answer, Pass } from './proxy.ts';
import {
  eachText,
  HANDS,
  hashOf,
  keyOf,
  type Masks,
  masksOf,
  type RecordedCase,
  stillWorld,
} from './recording.ts';
import type { Staging } from './staging.ts';
import type { Bench, FreeTime, RecordedTarget } from './target.ts';

/** Plays a recording back: what is asked must be what was asked then, and is answered as it was. */

/** The adapter asks for what was not recorded, or asks it in another way. */
export class NotRecorded extends Error {
  override readonly name = 'NotRecorded';
}

export function playBack(target: RecordedTarget): Staging {
  const { recording } = target;
  return {
    async stage(each) {
      const kept = recording.cases[each.id];
      if (!kept) throw new Untried('the recording has no such case: record it anew');
      const masks = masksOf(target);
      const { show } = masks;
      const recorded = {
        ...kept,
        calendar: show(kept.calendar),
        free: eachText(kept.free, show),
        hands: eachText(kept.hands, show),
      };
      const free = [...recorded.free];
      const bench = benchOf(target, recorded);
      return {
        bench,
        world: stillWorld(each.id, instant(recorded.at)),
        async free() {
          const next = free.shift();
          if (!next) throw new NotRecorded('the case wants one more free time than was recorded');
          return timeOf(next);
        },
        pass: playedPass(recorded, masks),
      };
    },
    close: async () => undefined,
  };
}

const timeOf = ({ interval: { start, end }, slot }: RecordedCase['free'][number]): FreeTime => ({
  interval: interval(instant(start), instant(end)),
  slot,
});

/** The first that was asked so and was not played yet; a reading that is repeated more often gets its last answer. */
function playedPass({ exchanges }: RecordedCase, { hide, show }: Masks): Pass {
  const played = new Set<number>();
  return async (request): Promise<Answer> => {
    const key = JSON.stringify(keyOf(request, hide));
    const alike = exchanges.flatMap(({ answer: _, ...asked }, index) =>
      JSON.stringify(asked) === key ? [index] : [],
    );
    const isReading = request.method === 'GET' || request.body === '';
    const index = alike.find((each) => !played.has(each)) ?? (isReading ? alike.at(-1) : undefined);
    const found = index === undefined ? undefined : exchanges[index];
    if (index === undefined || !found) {
      throw new NotRecorded(
        `${request.method} ${hide(request.path)} (body ${hashOf(hide(request.body)).slice(0, 8)}) was not asked when it was recorded`,
      );
    }
    played.add(index);
    return eachText(found.answer, show);
  };
}

function benchOf(target: RecordedTarget, recorded: RecordedCase): Bench {
  const results = [...recorded.hands];
  const play = (hand: string) => async () => {
    const next = results.shift();
    if (next?.hand !== hand) {
      throw new NotRecorded(`the case looks by ${hand}, and ${next?.hand ?? 'nothing'} was recorded next`);
    }
    return next.result;
  };
  const hands = Object.fromEntries(HANDS.map((hand) => [hand, play(hand)])) as unknown as Pick<
    Bench,
    (typeof HANDS)[number]
  >;
  const { settings, expired, maps, emptyMaps, tamper } = target;
  return {
    ...{ settings, expired, maps, emptyMaps, tamper },
    ...hands,
    baseUrl: '',
    calendar: recorded.calendar,
    zone: recorded.zone,
    freeTimes: async () => recorded.free.map(timeOf),
    pointWebhook: null,
    close: async () => undefined,
  };
}

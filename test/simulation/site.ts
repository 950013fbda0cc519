import { Agenda, emptyState } from '../../src/adapter/simulator/agenda.ts';
import { fillDays } from '../../src/adapter/simulator/generate.ts';
import type { SimulatedPlatform } from '../../src/adapter/simulator/platform.ts';
import type { AgendaState, Change } from '../../src/adapter/simulator/records.ts';
import type { SimReply, SimRequest } from '../../src/adapter/simulator/router.ts';
import type { Clock } from '../../src/domain/environment.ts';
import { type Instant, plus } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { type Opening, Openings } from './openings.ts';
import type { Timeline } from './timeline.ts';
import { Visits } from './visits.ts';

/** What is wrong with a platform, or with the way to it, at the moment. Probabilities are per request, 0 to 1. */
export type SiteFaults = {
  /** `refused`: nothing listens. `silent`: the request goes nowhere. `error`: it says 503. */
  down: 'refused' | 'silent' | 'error' | null;
  latencyMilliseconds: number;
  /** 500 before anything was done. */
  fails: number;
  /** It was done, and then it says 500. */
  failsAfter: number;
  /** It was done, and the answer is lost. */
  loses: number;
  throttles: number;
  /** Its lists come from a copy that lags behind, as far as it declares. */
  stale: boolean;
  /** Rows in a page of its lists; null = as many as it is asked for. */
  pageRows: number | null;
  webhooks: { lose: number; double: number; delayMilliseconds: number; forge: number };
};

export const calm = (): SiteFaults => ({
  down: null,
  latencyMilliseconds: 30,
  fails: 0,
  failsAfter: 0,
  loses: 0,
  throttles: 0,
  stale: false,
  pageRows: null,
  webhooks: { lose: 0, double: 0, delayMilliseconds: 20, forge: 0 },
});

export type Logged = {
  readonly at: Instant;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: string;
  /** Whether the answer came to whoever asked. */
  isHeard: boolean;
};

export type Offered = {
  readonly at: Instant;
  readonly calendar: string;
  readonly interval: Interval;
  readonly reference: string | null;
};

/** A platform of a run: the simulator's own agenda and interface, without its sockets. */
export type Site = {
  readonly id: string;
  readonly agenda: Agenda<unknown>;
  readonly platform: SimulatedPlatform<unknown>;
  faults: SiteFaults;
  readonly log: Logged[];
  /** Slots as they were put on offer, whenever. */
  readonly offered: Offered[];
  /** References of what was written while the same stood there already. */
  readonly doubled: string[];
  readonly visits: Visits;
  readonly openings: Openings;
  /** How far its clock is off. */
  readonly skewMilliseconds: number;
  /** The platform's own interface. */
  readonly handle: (request: SimRequest) => SimReply;
  /** Meets every block that is asked for, before it stands. */
  onBlock: (calendar: string, interval: Interval) => void;
  onOpening: (opening: Opening) => void;
  /** Meets every request that gets there, before anything else does; what it answers is the answer. */
  door: () => SimReply | null;
  onChange: (change: Change<unknown>) => void;
};

const SNAPSHOTS_KEPT = 40;

export const isList = ({ method, path }: Pick<SimRequest, 'method' | 'path'>): boolean =>
  method === 'GET' && /grille|changes$|records$/.test(path);

export function openSite<Offer>(
  id: string,
  simulated: SimulatedPlatform<Offer>,
  options: {
    readonly timeline: Timeline;
    readonly seed: string;
    readonly actors: readonly string[];
    readonly days: number;
    /** How far the platform's clock is off. */
    readonly skewMilliseconds: number;
    /** How far a copy lags behind that its lists may come from; 0 = it has none. */
    readonly stalenessMilliseconds: number;
    readonly changesRemembered: number;
  },
): Site {
  const { timeline, seed, actors, days, skewMilliseconds } = options;
  // A site is of one platform, whose offers nobody here looks into.
  const platform = simulated as unknown as SimulatedPlatform<unknown>;
  const clock: Clock = { now: () => plus(timeline.now, skewMilliseconds), sleep: timeline.clock().sleep };
  const agendaOptions = { clock, idOf: platform.idOf, changesRemembered: options.changesRemembered };
  const agenda = new Agenda<unknown>(emptyState(seed), agendaOptions);
  fillDays(agenda, platform, actors, days);
  agenda.forget();
  const snapshots: { readonly at: Instant; readonly state: AgendaState<unknown> }[] = [];

  function lagging(): Agenda<unknown> {
    const wanted = timeline.now - options.stalenessMilliseconds;
    const before = snapshots.filter(({ at }) => at <= wanted).at(-1) ?? snapshots[0];
    return before ? new Agenda(before.state, agendaOptions) : agenda;
  }

  let isAsked = false;
  const site: Site = {
    id,
    agenda,
    platform,
    faults: calm(),
    log: [],
    offered: [],
    doubled: [],
    visits: new Visits(),
    openings: new Openings(),
    skewMilliseconds,
    door: () => null,
    onBlock: () => undefined,
    onOpening: () => undefined,
    onChange: () => undefined,
    handle(request) {
      agenda.expire();
      const shown = isList(request) && site.faults.stale ? lagging() : agenda;
      isAsked = true;
      try {
        return platform.handle(shown, request);
      } finally {
        isAsked = false;
      }
    },
  };
  const { block } = agenda;
  agenda.block = (calendar, interval, reference) => {
    if (isAsked) site.onBlock(calendar, interval);
    return block.call(agenda, calendar, interval, reference);
  };
  agenda.onChange = (change) => {
    if (options.stalenessMilliseconds > 0) {
      const state = agenda.state();
      snapshots.push({ at: timeline.now, state: { ...state, changes: [...state.changes] } });
      if (snapshots.length > SNAPSHOTS_KEPT) snapshots.shift();
    }
    site.visits.note(change.id, change.record, timeline.now, isAsked);
    const opening = isAsked ? site.openings.note(change.id, change.record, timeline.now) : null;
    if (opening) site.onOpening(opening);
    if (change.record?.kind === 'slot') {
      const { calendar, interval, reference } = change.record;
      site.offered.push({ at: timeline.now, calendar, interval, reference });
    }
    const reference = change.record?.kind === 'slot' ? null : (change.record?.reference ?? null);
    if (reference !== null && agenda.byReference(change.calendar, reference).length > 1)
      site.doubled.push(reference);
    site.onChange(change);
  };
  return site;
}

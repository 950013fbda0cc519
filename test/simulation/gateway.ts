import { documents } from '../../mappings/fhir/documents.ts';
import type { Limits, Manifest, Platform } from '../../src/adapter/contract.ts';
import { createPace } from '../../src/adapter/pace.ts';
import { createTargets } from '../../src/adapter/targets.ts';
import type { Directory } from '../../src/domain/directory.ts';
import type { Clock } from '../../src/domain/environment.ts';
import { plus } from '../../src/domain/instant.ts';
import { createEngine, type Engine, type Timing } from '../../src/engine/engine.ts';
import type { Reader } from '../../src/engine/ports/front.ts';
import { createInProcessQueue } from '../../src/queue/in-process.ts';
import { createStore } from '../../src/store/store.ts';
import { commonClock } from '../../src/system/common-clock.ts';
import { fakeSeal } from '../support/fake-ring.ts';
import { ADAPTERS, CONNECTIONS, type ConnectionId } from './clinic.ts';
import type { SharedDatabase } from './database.ts';
import { type Dice, ids } from './dice.ts';
import { Life } from './life.ts';
import { wayTo } from './network.ts';
import type { Site } from './site.ts';
import type { Tally } from './tally.ts';
import type { Timeline } from './timeline.ts';
import type { Variant } from './variants.ts';

/** One process of the gateway: the real engine, store and adapters, on simulated time, network and database. */

export type Gateway = { readonly life: Life; readonly engine: Engine; readonly reader: Reader };

export type GatewayWorld = {
  readonly timeline: Timeline;
  readonly database: SharedDatabase;
  readonly sites: Readonly<Record<ConnectionId, Site>>;
  readonly directory: Directory;
  readonly dice: Dice;
  readonly tally: Tally;
  readonly variant: Variant;
  /** Seldomer than in production, since hours of simulated time are run. */
  readonly timing: Timing;
  /** What the platform bears, from what its manifest declares. */
  readonly limitsOf: (id: ConnectionId, declared: Limits) => Limits;
  /** Hears of errors that are no platform's fault. */
  readonly onError: (where: string, error: unknown) => void;
};

/** No socket is opened: each call goes the way of `transport`. */
const NOWHERE = createTargets([]);
const SEAL = fakeSeal(7);

/** @param aheadMilliseconds how far the clock of its machine is ahead of the timeline. */
export function startGateway(world: GatewayWorld, name: string, aheadMilliseconds = 0): Gateway {
  const { timeline, directory, sites, tally, variant } = world;
  const life = new Life();
  const dice = world.dice.of(name);
  // The clock of the database, which all processes share: the simulation's.
  const now = async () => timeline.now;
  const own = clockOf(timeline, life, aheadMilliseconds);
  const store = variant.store({ ...createStore(world.database.of(life)), now }, own);
  const common = commonClock(own, now);
  const environment = { clock: own, random: dice.of('engine'), ids: ids(dice.of('ids')) };
  const platforms = new Map(
    CONNECTIONS.map((id) => {
      const { adapter, settings, maps } = ADAPTERS[id];
      const transport = wayTo(sites[id], { timeline, life, dice: dice.of(id), tally });
      const limits = world.limitsOf(id, adapter.manifest.limits);
      const connect = adapter.connect as (options: unknown) => Platform;
      const platform = connect({
        connectionId: id,
        settings,
        limits,
        pace: createPace(limits, own),
        targets: NOWHERE,
        environment,
        maps,
        zoneOf: () => 'America/Toronto',
        transport,
      });
      const manifest: Manifest = { ...adapter.manifest, limits };
      return [id as string, { ...variant.platform({ platform, manifest }), mappingContent: 'the same' }];
    }),
  );
  const engine = createEngine(
    {
      directory,
      store,
      queue: createInProcessQueue(own),
      platforms: {
        get: (id) => {
          const found = platforms.get(id);
          if (!found) throw new RangeError(id);
          return found;
        },
      },
      documents: documents(directory),
      seal: SEAL,
      keepsPatients: false,
      escalation: null,
      environment: { ...environment, clock: variant.clock(common.clock, own) },
      onEvent: () => undefined,
      onError: world.onError,
    },
    store,
    world.timing,
  );
  const gateway = { life, engine, reader: store };
  // A start that fails ends the process, and its supervisor makes another.
  common
    .set()
    .then(() => engine.start({ works: true }))
    .catch(() => life.kill());
  return gateway;
}

function clockOf(timeline: Timeline, life: Life, aheadMilliseconds: number): Clock {
  const clock = timeline.clock();
  return {
    now: () => plus(timeline.now, aheadMilliseconds),
    sleep: (milliseconds, signal) => life.live(clock.sleep(milliseconds, signal)),
  };
}

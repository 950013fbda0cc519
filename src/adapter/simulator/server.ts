import type { Clock } from '../../domain/environment.ts';
import { formatInstant } from '../../domain/instant.ts';
import { Agenda, emptyState } from './agenda.ts';
import { createControl, type LogEntry } from './control.ts';
import { NO_FAULTS } from './fault-plan.ts';
import { createGate, type Outcome } from './gate.ts';
import { actorsOf, fillDays } from './generate.ts';
import { listen } from './listener.ts';
import type { SimulatedPlatform } from './platform.ts';
import { seededRandom } from './random.ts';
import { agendaState, type Change } from './records.ts';
import type { SimRequest } from './router.ts';
import { createStateFile, loadState } from './state-file.ts';
import { systemClock } from './system-clock.ts';
import { createWebhookSender, type WebhookSender, type WebhookTarget } from './webhooks.ts';

export type SimulatorOptions = {
  /** 0 = any that is free. */
  readonly port?: number;
  readonly host?: string;
  /** Where the agenda is kept; without it, in memory only. */
  readonly stateFile?: string;
  readonly seed?: string | number;
  /** The doctors by name, or how many of the made-up ones. */
  readonly actors?: readonly string[] | number;
  /** Days from today that have slots (weekdays only). */
  readonly days?: number;
  readonly clock?: Clock;
  /** Of its clinics, IANA name (default: America/Toronto). */
  readonly zone?: string;
  readonly webhook?: WebhookTarget;
  /** How many changes a delta can go back. */
  readonly changesRemembered?: number;
};

export type Simulator<Offer = unknown> = {
  readonly url: string;
  /** The platform's memory, for tests that run it in their own process. */
  readonly agenda: Agenda<Offer>;
  /** Ends it, its state saved. */
  readonly close: () => Promise<void>;
};

const LOG_ENTRIES_MAX = 10_000;

/** Runs the platform as a real HTTP server. @throws Error when the port is taken or the state file unreadable. */
export async function startPlatform<Offer>(
  platform: SimulatedPlatform<Offer>,
  options: SimulatorOptions,
): Promise<Simulator<Offer>> {
  const clock = options.clock ?? systemClock;
  const seed = String(options.seed ?? 1);
  const random = seededRandom(`faults ${seed}`);
  const agenda = await openAgenda(platform, options, clock, seed);
  const { stateFile: file } = options;
  const stateFile = file ? createStateFile(file, platform.id, () => agenda.state()) : null;

  let faults = NO_FAULTS;
  const log: LogEntry[] = [];
  const closing = new AbortController();
  const webhooks = createWebhookSender(() => faults, random);
  if (options.webhook) webhooks.point(options.webhook);
  const watchHolds = createExpiry(agenda, closing.signal);
  const notify = createNotifier(platform, webhooks, clock);
  const onChange = (change: Change<Offer>) => {
    stateFile?.touch();
    watchHolds();
    notify(change);
  };
  const control = createControl(agenda, {
    faults: () => faults,
    setFaults: (plan) => {
      faults = plan;
    },
    log: () => log,
    reset: (newSeed, actors, days) => {
      // A new world is no news: nobody is told of its thousands of slots one by one.
      agenda.onChange = () => undefined;
      agenda.clear(newSeed);
      fillDays(agenda, platform, actorsOf(actors), days);
      agenda.forget();
      log.length = 0;
      agenda.onChange = onChange;
      stateFile?.touch();
    },
    point: webhooks.point,
  });
  const gate = createGate(() => faults, clock, random);
  const answer = async (request: SimRequest, target: string): Promise<Outcome> => {
    agenda.expire();
    if (request.path.startsWith('/_sim/')) return control(request);
    const time = formatInstant(clock.now());
    const outcome = await gate(request, () => platform.handle(agenda, request));
    const status = outcome === 'lost' ? null : outcome.status;
    log.push({ time, method: request.method, path: target, status, body: request.body });
    if (log.length > LOG_ENTRIES_MAX) log.splice(0, LOG_ENTRIES_MAX / 2);
    return outcome;
  };

  agenda.onChange = onChange;
  stateFile?.touch();
  watchHolds();
  const listener = await listen(options.port ?? 0, options.host ?? '127.0.0.1', answer);
  return {
    url: listener.url,
    agenda,
    close: async () => {
      closing.abort();
      webhooks.close();
      await listener.close();
      await stateFile?.close();
    },
  };
}

/** The agenda of the state file with the days that have come since, or a new one. */
async function openAgenda<Offer>(
  platform: SimulatedPlatform<Offer>,
  options: SimulatorOptions,
  clock: Clock,
  seed: string,
): Promise<Agenda<Offer>> {
  const { stateFile, changesRemembered } = options;
  const saved = stateFile ? await loadState(stateFile, platform.id, agendaState(platform.offerSchema)) : null;
  const agenda = new Agenda(saved ?? emptyState<Offer>(seed), {
    clock,
    ...(options.zone === undefined ? {} : { zone: options.zone }),
    idOf: platform.idOf,
    ...(changesRemembered === undefined ? {} : { changesRemembered }),
  });
  fillDays(agenda, platform, actorsOf(options.actors ?? 2), options.days ?? 14);
  if (!saved) agenda.forget();
  return agenda;
}

function createNotifier<Offer>(
  { webhook }: SimulatedPlatform<Offer>,
  webhooks: WebhookSender,
  clock: Clock,
): (change: Change<Offer>) => void {
  if (!webhook) return () => undefined;
  return (change) => {
    const body = JSON.stringify(webhook.body(change, clock.now()));
    webhooks.send(body, (secret) => webhook.headers(body, secret, clock.now()), webhook.isSentOnce);
  };
}

/** Lets holds end when their time comes, and not only when the next request does: a webhook tells of it. */
function createExpiry<Offer>(agenda: Agenda<Offer>, closing: AbortSignal): () => void {
  let waitingFor: number | null = null;
  return function watch() {
    const next = agenda.nextExpiry();
    if (next === null || (waitingFor !== null && waitingFor <= next)) return;
    waitingFor = next;
    agenda.clock.sleep(Math.max(0, next - agenda.clock.now()), closing).then(
      () => {
        if (waitingFor === next) waitingFor = null;
        agenda.expire();
        watch();
      },
      // Closed: whoever opens the state next lets them go.
      () => undefined,
    );
  };
}

import type { Dice } from './dice.ts';
import type { Gateway } from './gateway.ts';
import type { Site } from './site.ts';
import type { Tally } from './tally.ts';
import type { Timeline } from './timeline.ts';

/** A platform's messages to the gateway: lost, doubled, late, overtaken and forged, and tried again while nobody answers. */

const BACKOFF_MILLISECONDS = [200, 1_000, 5_000];

export function sendWebhooks(
  site: Site,
  options: {
    readonly timeline: Timeline;
    readonly dice: Dice;
    readonly tally: Tally;
    readonly secret: string;
    /** One that lives, or null. */
    readonly gateway: () => Gateway | null;
    readonly onForgery: (outcome: string | null) => void;
  },
): void {
  const { timeline, dice, tally, secret, gateway } = options;
  const { webhook } = site.platform;
  if (!webhook) return;

  const headersOf = (body: string, key: string) => webhook.headers(body, key, site.agenda.clock.now());

  async function attempt(body: string, key: string): Promise<string | null> {
    await timeline.wait(site.faults.webhooks.delayMilliseconds * dice.between(0.1, 1));
    const receiver = gateway();
    if (!receiver) return null;
    const request = { headers: headersOf(body, key), body: Buffer.from(body) };
    // Who dies meanwhile never answers: the sender gives up waiting.
    const answer = receiver.engine.receive(site.id, request).catch(() => null);
    return Promise.race([answer, timeline.wait(5_000).then(() => null)]);
  }

  async function deliver(body: string): Promise<void> {
    for (const backoff of [...BACKOFF_MILLISECONDS, null]) {
      if ((await attempt(body, secret)) === 'accepted') return;
      if (backoff !== null) await timeline.wait(backoff);
    }
  }

  site.onChange = (change) => {
    const { lose, double, forge, delayMilliseconds } = site.faults.webhooks;
    if (delayMilliseconds > 1_000) tally.fault('webhook late');
    const body = JSON.stringify(webhook.body(change, site.agenda.clock.now()));
    if (dice.chance(forge)) {
      tally.fault('webhook forged');
      const forged = body.replace(/"id":"[^"]*"/, '"id":"res-forged"');
      void attempt(forged, 'another secret').then(options.onForgery);
    }
    if (site.faults.down !== null || dice.chance(lose)) {
      tally.fault('webhook lost');
      return;
    }
    void deliver(body);
    if (!dice.chance(double)) return;
    tally.fault('webhook doubled');
    void deliver(body);
  };
}

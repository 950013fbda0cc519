import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '../../domain/environment.ts';
import type { FaultPlan } from './fault-plan.ts';

/** Sends a simulator's webhooks, at once and side by side: receivers must order them by version, as with any vendor. */

const ATTEMPT_TIMEOUT_MILLISECONDS = 5_000;
/** Waits before the second, third and fourth attempt; then the message is lost, and only a reading finds it. */
const BACKOFF_MILLISECONDS = [200, 1_000, 5_000];
const UNDER_WAY_MAX = 1_000;
/** With `reorder` a message waits for the next one to overtake it, but no longer than this. */
const REORDER_MILLISECONDS = 300;

export type WebhookTarget = { readonly url: string; readonly secret: string };

type Sign = (secret: string) => Record<string, string>;

export type WebhookSender = {
  readonly point: (target: WebhookTarget | null) => void;
  /**
   * @param sign the headers for the body, by the target's secret; called on each attempt, so its time is fresh.
   * @param once there is no second attempt.
   */
  readonly send: (body: string, sign: Sign, once?: boolean) => void;
  readonly close: () => void;
};

export function createWebhookSender(plan: () => FaultPlan, random: Random): WebhookSender {
  let target: WebhookTarget | null = null;
  let overtaken: (() => Promise<unknown>) | null = null;
  let underWay = 0;
  const closing = new AbortController();
  // One for each delivery that is under way, and a burst has many.
  setMaxListeners(0, closing.signal);

  async function deliver(body: string, sign: Sign, once: boolean): Promise<void> {
    for (const backoff of [...(once ? [] : BACKOFF_MILLISECONDS), null]) {
      if (!target || closing.signal.aborted) return;
      if (await attempt(target, body, sign)) return;
      if (backoff !== null) await wait(backoff, undefined, { signal: closing.signal, ref: false });
    }
  }

  async function attempt({ url, secret }: WebhookTarget, body: string, sign: Sign): Promise<boolean> {
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...sign(secret) },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MILLISECONDS)]),
      });
      // Read to the end, else the connection cannot be used again.
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      // Whatever kept it from the receiver, the next attempt is the answer to it.
      return false;
    }
  }

  async function start(body: string, sign: Sign, once: boolean): Promise<void> {
    if (underWay >= UNDER_WAY_MAX) return;
    underWay += 1;
    try {
      await deliver(body, sign, once);
    } catch {
      // Only the wait can be cut short, by close.
    } finally {
      underWay -= 1;
    }
  }

  return {
    point: (next) => {
      target = next;
    },
    send: (body, sign, once = false) => {
      const { lose, duplicate, reorder } = plan().webhooks;
      if (!target || plan().down || random.next() < lose) return;
      const copies = random.next() < duplicate ? 2 : 1;
      const go = () => Promise.all(Array.from({ length: copies }, () => start(body, sign, once)));
      const earlier = overtaken;
      overtaken = null;
      if (!reorder || earlier) {
        void go().then(earlier);
        return;
      }
      overtaken = go;
      setTimeout(() => {
        if (overtaken !== go) return;
        overtaken = null;
        void go();
      }, REORDER_MILLISECONDS).unref();
    },
    close: () => closing.abort(),
  };
}

import type { AxiosAdapter } from 'axios';
import { expect } from 'chai';
import { MAIL_SERVER } from '../../adapters/mailbox/bench/dovecot.ts';
import { letter, SENDERS } from '../../adapters/mailbox/bench/notices.ts';
import { createCredentials } from '../../adapters/mailbox/credentials.ts';
import { hearing } from '../../adapters/mailbox/hearing.ts';
import type { Folder, Mailbox } from '../../adapters/mailbox/mailbox.ts';
import { manifest, Settings } from '../../adapters/mailbox/manifest.ts';
import { codeMaps } from '../../src/adapter/concept-map.ts';
import type { News } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { createTargets } from '../../src/adapter/targets.ts';
import { parseInstant } from '../../src/domain/instant.ts';
import { faultOf } from '../support/platform-http.ts';

const NOW = parseInstant('2026-11-23T12:00:00Z');
const SETTINGS = Settings.parse({
  title: 'Plateforme fictive',
  host: 'imap.clinique.example',
  auth: { kind: 'password', username: 'u', password: 'p' },
  authentication: { server: MAIL_SERVER },
  senders: SENDERS,
});

/** Time that passes at once, but for the minute in which nothing comes: that lasts until it is over. */
function world(open: (attempt: number) => Promise<Mailbox>) {
  const waited: number[] = [];
  const heard: News[] = [];
  let attempts = 0;
  const clock = {
    now: () => NOW,
    sleep: async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
      waited.push(milliseconds);
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
  const listen = hearing({
    settings: SETTINGS,
    environment: { clock, random: { next: () => 1 }, ids: { next: () => '' } },
    zoneOf: () => null,
    open: () => {
      attempts += 1;
      return open(attempts);
    },
  });
  return { waited, heard, listen };
}

/** A mailbox in which these lie. */
function boxOf(messages: Map<number, Buffer | Error>, onSilence: () => void) {
  const moved: [number, Folder][] = [];
  const box: Mailbox = {
    waiting: async () => [...messages.keys()].map((uid) => ({ uid, bytes: 100 })),
    source: async (uid) => {
      const found = messages.get(uid);
      if (found instanceof Error) throw found;
      return found ?? null;
    },
    move: async (uid, to) => {
      moved.push([uid, to]);
      messages.delete(uid);
    },
    // Nothing mentions anything.
    mentioning: async function* () {},
    news: async () => onSilence(),
    close: async () => undefined,
  };
  return { box, moved };
}

describe('hearing a mailbox', () => {
  it('waits longer each time that it is away, and says why once for each reason', async () => {
    let stop: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const { box } = boxOf(new Map(), () => stop());
    const { waited, heard, listen } = world(async (attempt) => {
      if (attempt <= 8) throw new Fault('unavailable', attempt < 8 ? 'not reached' : 'no certificate');
      return box;
    });
    const listening = await listen(async (news) => void heard.push(news));
    await stopped;
    await listening.close();
    const said = heard.flatMap((news) => (news.outcome === 'deaf' ? [news.fault.message] : []));
    expect(said).to.deep.equal(['not reached', 'no certificate']);
    expect(waited.slice(0, 8)).to.deep.equal([2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1_000));
    expect(heard.at(2)).to.deep.equal({ outcome: 'silence' });
  });

  it('gives up a session in which nothing can be committed, and moves nothing', async () => {
    const messages = new Map(
      [1, 2, 3, 4, 5].map((uid) => [uid, Buffer.from(letter('x', NOW, { results: null }))]),
    );
    const { box, moved } = boxOf(messages, () => undefined);
    let tries = 0;
    let stop: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const { waited, listen } = world(async () => box);
    const listening = await listen(async () => {
      tries += 1;
      if (tries === 9) stop();
      throw new Error('the database does not answer');
    });
    await stopped;
    await listening.close();
    // Three in a row, then it waits: it is not the message.
    expect(waited.slice(0, 2)).to.deep.equal([2_000, 4_000]);
    expect(moved).to.deep.equal([]);
    expect(messages.size).to.equal(5);
  });

  it('keeps nobody waiting behind what cannot be committed', async () => {
    const poison = [1, 2, 3, 4].map((uid): [number, Buffer] => [
      uid,
      Buffer.from(letter('x', NOW, { subject: 'Votre facture' })),
    ]);
    const messages = new Map([...poison, [5, Buffer.from(letter('x', NOW, { results: null }))]]);
    const { box, moved } = boxOf(messages, () => undefined);
    let stop: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const { listen } = world(async () => box);
    const listening = await listen(async (news) => {
      if (news.outcome !== 'payload') return;
      if (news.rejected[0]?.raw !== undefined) throw new Error('it cannot be committed');
      stop();
    });
    await stopped;
    await listening.close();
    expect(moved).to.deep.equal([[5, 'refused']]);
  });

  it('leaves what it was doing when a message cannot be fetched, and begins again', async () => {
    const gone = Object.assign(new Error('the connection ended'), { code: 'NoConnection' });
    const messages = new Map<number, Buffer | Error>([
      [1, gone],
      [2, Buffer.from(letter('x', NOW, { results: null }))],
    ]);
    let stop: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const { box, moved } = boxOf(messages, () => stop());
    const { heard, listen } = world(async (attempt) => {
      if (attempt === 2) messages.delete(1);
      return box;
    });
    const listening = await listen(async (news) => void heard.push(news));
    await stopped;
    await listening.close();
    expect(heard.map(({ outcome }) => outcome)).to.deep.equal(['payload', 'silence']);
    expect(moved).to.deep.equal([[2, 'refused']]);
  });
});

describe('the credentials of a mailbox', () => {
  const asked: string[] = [];
  const answering =
    (status: number): AxiosAdapter =>
    async (config) => {
      asked.push(`${config.method} ${config.baseURL}${config.url} ${config.data}`);
      const data = JSON.stringify(
        status === 200 ? { access_token: 'jeton-fictif' } : { error: 'invalid_grant' },
      );
      return { data, status, statusText: '', headers: {}, config };
    };
  const get = (auth: object, transport: AxiosAdapter | undefined, allowed: readonly string[] = []) => {
    const credentials = createCredentials({
      connectionId: 'courriel',
      settings: Settings.parse({ ...SETTINGS, auth }),
      limits: manifest.limits,
      pace: (call) => call(),
      targets: createTargets(allowed),
      environment: {
        clock: { now: () => NOW, sleep: async () => undefined },
        random: { next: () => 0 },
        ids: { next: () => '' },
      },
      maps: codeMaps([]),
      zoneOf: () => 'America/Toronto',
      transport,
    });
    return credentials.get(AbortSignal.timeout(1_000)).finally(() => credentials.close());
  };
  const oauth2 = {
    ...{ kind: 'oauth2', username: 'boite@clinique.example', tokenUrl: 'https://jetons.example/oauth?t=1' },
    ...{ clientId: 'c', clientSecret: 's', scope: 'courriel' },
  };

  it('are a password, or a token that is asked for anew', async () => {
    expect(await get(SETTINGS.auth, undefined)).to.deep.equal({ user: 'u', pass: 'p' });
    const token = { user: 'boite@clinique.example', accessToken: 'jeton-fictif' };
    expect(await get(oauth2, answering(200))).to.deep.equal(token);
    expect(await get({ ...oauth2, refreshToken: 'r' }, answering(200))).to.deep.equal(token);
    expect(asked.map((call) => call.replace('https://jetons.example', ''))).to.deep.equal([
      'post /oauth?t=1 grant_type=client_credentials&client_id=c&client_secret=s&scope=courriel',
      'post /oauth?t=1 grant_type=refresh_token&refresh_token=r&client_id=c&client_secret=s&scope=courriel',
    ]);
  });

  it('are refused as such, and are asked for only where that is allowed', async () => {
    expect((await faultOf(() => get(oauth2, answering(400)))).kind).to.equal('unauthorized');
    const inside = { ...oauth2, tokenUrl: 'https://127.0.0.1:9/oauth' };
    expect((await faultOf(() => get(inside, undefined))).kind).to.equal('forbidden');
    expect((await faultOf(() => get(inside, undefined, ['127.0.0.1']))).kind).to.equal('unavailable');
  });
});

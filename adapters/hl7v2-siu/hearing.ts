import type { Connect, Listening, Receive } from '../../src/adapter/contract.ts';
import { listenMllp } from '../../src/adapter/mllp/server.ts';
import { acknowledge, ERRORS } from './acknowledgement.ts';
import type { Settings } from './manifest.ts';
import { type Message, messagesIn, Unreadable } from './message.ts';
import { isTaken, normalize } from './normalize.ts';

/** What the record tells: each message is taken in, and acknowledged once that is done. */

const MESSAGE_BYTES_MAX = 256 * 1024;

export function hearing(options: Connect<Settings>): (receive: Receive) => Promise<Listening> {
  const { settings, environment } = options;
  const { listen, characterSet, keepsConnection, processingId, resources } = settings;
  const now = () => environment.clock.now();
  const zoneOf = (calendar: string): string | null => {
    try {
      return options.zoneOf(calendar);
    } catch (error) {
      // The record tells of all its agendas, and not all of them are ours.
      if (error instanceof RangeError) return null;
      throw error;
    }
  };

  /** The last message could not be taken in: its sender has it still, so that silence does not say that all was told. */
  let isBehind = false;

  async function answerTo(message: Message, receive: Receive): Promise<Buffer> {
    const { header } = message;
    if (header.get(9) !== 'SIU') return acknowledge(message, 'AR', ERRORS.type, now());
    // The trigger event says what happened; the structure (MSH-9.3) and SCH-6 are met with others.
    if (!isTaken(header.get(9, 2))) return acknowledge(message, 'AR', ERRORS.event, now());
    if (header.get(11) !== processingId) return acknowledge(message, 'AR', ERRORS.processing, now());
    if (header.get(10) === '') return acknowledge(message, 'AR', ERRORS.segments, now());
    try {
      await receive(normalize(message, { resources, zoneOf }));
      isBehind = false;
    } catch {
      // Whoever received it has said why.
      isBehind = true;
      return acknowledge(message, 'AE', ERRORS.internal, now());
    }
    return acknowledge(message, 'AA', null, now());
  }

  return (receive) =>
    listenMllp({
      ...listen,
      bytesMax: MESSAGE_BYTES_MAX,
      async answer(bytes) {
        let messages: Message[];
        try {
          messages = messagesIn(bytes, characterSet);
        } catch (error) {
          if (!(error instanceof Unreadable)) throw error;
          return [acknowledge({ header: headerOf(bytes) }, 'AR', ERRORS.data, now())];
        }
        const answers: Buffer[] = [];
        for (const message of messages) answers.push(await answerTo(message, receive));
        return answers;
      },
      refuse: ({ begun }) =>
        begun.length === 0 ? null : acknowledge({ header: headerOf(begun) }, 'AR', ERRORS.data, now()),
      onQuiet: async () => {
        if (keepsConnection && !isBehind) await receive({ outcome: 'silence' });
      },
    });
}

/** As far as it can be read: enough to say which message is refused. */
function headerOf(bytes: Buffer): Message['header'] {
  const line = /MSH[^\r\n]*/.exec(bytes.toString('latin1'))?.[0] ?? 'MSH|^~\\&|';
  const fields = line.split(line[3] ?? '|');
  const component = line[4] ?? '^';
  return {
    name: 'MSH',
    get: (field, part = 1) => (fields[field - 1] ?? '').split(component)[part - 1]?.slice(0, 200) ?? '',
  };
}

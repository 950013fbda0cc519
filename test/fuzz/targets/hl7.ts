import { readReply } from '../../../adapters/hl7v2-siu/acknowledgement.ts';
import { messageOf } from '../../../adapters/hl7v2-siu/bench/emr.ts';
import { messagesIn, Unreadable } from '../../../adapters/hl7v2-siu/message.ts';
import { normalize } from '../../../adapters/hl7v2-siu/normalize.ts';
import { isFault } from '../../../src/adapter/faults.ts';
import { Frames, FramingError } from '../../../src/adapter/mllp/frames.ts';
import { DAY, instant, MINUTE, plus } from '../../../src/domain/instant.ts';
import { must, outcomeOf, type Target } from '../harness/target.ts';
import { spoiltText } from '../inputs/text.ts';
import { published } from './samples.ts';

/** HL7 v2 messages in MLLP: what is made of any bytes is bounded, and is time. */

const START = instant(Date.parse('2026-11-24T14:20:00Z'));
const OURS = ['S12', 'S13', 'S15', 'S23', 'S24', 'S26'].map((event) =>
  messageOf(event, {
    kind: 'block',
    id: 'block-1',
    ordinal: 1,
    calendar: 'dr-tremblay',
    interval: { start: START, end: plus(START, 20 * MINUTE) },
    reference: 'passerelle:00000000-0000-4000-8000-000000000001',
    version: 1,
    changedAt: START,
  }),
);
const ACKNOWLEDGED = 'MSH|^~\\&|DME||||20261123||ACK|R1|P|2.5.1\rMSA|AE|A1\rERR|||207|E|OCCUPE\r';
const WORDS = [
  '\x0b',
  '\x1c\r',
  '|',
  '^',
  '~',
  '\\',
  '&',
  '\\X0D\\',
  'MSH|^~\\&|',
  '8859/1',
  '+0215',
  '20261101013000',
  'AIP|1|D|',
];
const BYTES_MAX = 64 * 1024;

function read(text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  try {
    readReply(bytes, 'A1', []);
  } catch (error) {
    if (!isFault(error)) throw error;
  }
  for (const framed of [bytes, ...frames(bytes)]) {
    for (const message of messagesIn(framed, '8859/1')) {
      const { rows, removed, rejected } = normalize(message, {
        resources: ['AIP', 'AIG', 'AIL'],
        zoneOf: () => 'America/Toronto',
      });
      for (const { interval } of rows) {
        must(Number.isSafeInteger(interval.start) && interval.start < interval.end, 'no time');
        must(interval.end - interval.start <= 31 * DAY, 'an interval without measure');
      }
      for (const { externalId } of [...rows, ...removed])
        must(externalId !== '' && !externalId.includes('\0'), 'no id');
      for (const { reason } of rejected) must(reason.length < 200, 'a reason without measure');
    }
  }
}

function frames(bytes: Buffer): Buffer[] {
  try {
    return new Frames(BYTES_MAX).push(bytes);
  } catch (error) {
    if (error instanceof FramingError) return [];
    throw error;
  }
}

export const hl7: Target<string> = {
  name: 'hl7',
  open: async () => ({
    inputs: spoiltText([...OURS, ACKNOWLEDGED, ...published('hl7v2', '.hl7')], WORDS),
    run: (text) => outcomeOf(() => read(text), [Unreadable]),
  }),
};

import { Fault } from '../../src/adapter/faults.ts';
import type { Instant } from '../../src/domain/instant.ts';
import { escaped, type Message, messagesIn, Unreadable } from './message.ts';
import { writeTime } from './time.ts';

/** Acknowledgements in the original mode (HL7 v2.5.1, section 2.9.2): ours, and what the record's mean. */

export type Code = 'AA' | 'AE' | 'AR';

/** Table 0357. */
export const ERRORS = {
  segments: '100',
  data: '102',
  type: '200',
  event: '201',
  processing: '202',
  internal: '207',
} as const;

type Answered = { readonly header: Pick<Message['header'], 'get'> };

/** @param error of table 0357; null with AA. */
export function acknowledge({ header }: Answered, code: Code, error: string | null, at: Instant): Buffer {
  const [application, facility, from, of] = [3, 4, 5, 6].map((field) => escaped(header.get(field)));
  const id = escaped(header.get(10));
  const event = escaped(header.get(9, 2));
  const [processing, version] = [escaped(header.get(11)) || 'P', escaped(header.get(12)) || '2.5.1'];
  const segments = [
    // Back to where it came from.
    `MSH|^~\\&|${from}|${of}|${application}|${facility}|${writeTime(at)}||ACK^${event}^ACK|A${id}|${processing}|${version}||||||UNICODE UTF-8`,
    `MSA|${code}|${id}`,
    ...(error === null ? [] : [`ERR|||${error}^^HL70357|E`]),
  ];
  return Buffer.from(`${segments.join('\r')}\r`, 'utf8');
}

export type Reply = 'done' | 'unknown' | 'taken';

const UNKNOWN_KEY = '204';
const DUPLICATE_KEY = '205';
const LOCKED = '206';

/**
 * What became of a message of ours. A code of `takenCodes` in ERR-5 is an answer; `204` says that there is no such
 * appointment, `205` that it is there already, as our id is nobody else's.
 * @throws Fault `unsure` where it does not answer that message, `malformed` where it was refused for what it is, `unavailable`
 * where it was refused (AR) and may be sent again.
 */
export function readReply(bytes: Buffer, id: string, takenCodes: readonly string[]): Reply {
  const { code, answered, error, application } = partsOf(bytes);
  if (answered !== id) throw new Fault('unsure', 'the acknowledgement is of another message (MSA-2)');
  if (code === 'AA' || code === 'CA') return 'done';
  if (takenCodes.includes(application)) return 'taken';
  if (error === UNKNOWN_KEY) return 'unknown';
  if (error === DUPLICATE_KEY) return 'done';
  const known = /^\d{3}$/.test(error) ? error : 'none of table 0357';
  const told = `the record answered ${code} (error code ${known})`;
  if (error === LOCKED || error === ERRORS.internal)
    throw new Fault(code === 'AE' ? 'unsure' : 'unavailable', told);
  if (['AE', 'AR', 'CE', 'CR'].includes(code)) throw new Fault('malformed', told);
  throw new Fault('unsure', 'the acknowledgement has no code (MSA-1)');
}

function partsOf(bytes: Buffer) {
  try {
    const [message] = messagesIn(bytes, 'UNICODE UTF-8');
    const of = (name: string) => message?.segments.find((segment) => segment.name === name);
    const acknowledged = of('MSA');
    if (!acknowledged) throw new Unreadable('it has no MSA');
    return {
      code: acknowledged.get(1),
      answered: acknowledged.get(2),
      error: of('ERR')?.get(3) ?? '',
      application: of('ERR')?.get(5) ?? '',
    };
  } catch (error) {
    if (error instanceof Unreadable)
      throw new Fault('unsure', `the acknowledgement cannot be read: ${error.message}`);
    throw error;
  }
}

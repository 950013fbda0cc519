import { connect, type Socket } from 'node:net';
import { Frames, framed } from '../../../src/adapter/mllp/frames.ts';
import { listenMllp } from '../../../src/adapter/mllp/server.ts';
import { Agenda, emptyState } from '../../../src/adapter/simulator/agenda.ts';
import type { Busy } from '../../../src/adapter/simulator/records.ts';
import { systemClock } from '../../../src/adapter/simulator/system-clock.ts';
import type { FeedAnswer } from '../../../src/conformance/target.ts';
import { formatInstant, type Instant, MINUTE, parseInstant } from '../../../src/domain/instant.ts';
import { interval } from '../../../src/domain/interval.ts';

/**
 * A small electronic record that speaks SIU (HL7 v2.5.1, chapter 10) both ways, on an agenda. It reads by splitting, and
 * shares nothing with the adapter but the three bytes of MLLP.
 */

export const TAKEN = 'OCCUPE';
const AGAIN_MILLISECONDS = 20;

const stamp = (at: Instant): string => `${formatInstant(at).slice(0, 19).replace(/[-:T]/g, '')}+0000`;

const timeIn = (text: string): Instant =>
  parseInstant(
    text.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)([+-]\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6$7:$8'),
  );

export async function startEmr(zone: string) {
  const agenda = new Agenda<null>(emptyState<null>('emr'), {
    clock: systemClock,
    zone,
    idOf: (kind, ordinal) => `${kind}-${ordinal}`,
  });
  const server = await listenMllp({
    host: '127.0.0.1',
    port: 0,
    tls: null,
    peers: [],
    bytesMax: 64 * 1024,
    answer: async (message) => [Buffer.from(answerTo(agenda, message.toString('utf8')))],
    refuse: () => null,
    onQuiet: async () => undefined,
  });
  const mouth = new Mouth();
  const known = new Map<string, Busy>();
  agenda.onChange = ({ id, kind, record }) => {
    if (kind === 'slot') return;
    const before = known.get(id);
    if (record && record.kind !== 'slot') known.set(id, record);
    else known.delete(id);
    const now = record && record.kind !== 'slot' ? record : null;
    if (now) mouth.say(messageOf(now.kind === 'block' ? 'S23' : before ? 'S13' : 'S12', now));
    else if (before) mouth.say(messageOf(before.kind === 'block' ? 'S24' : 'S15', before));
  };
  return {
    agenda,
    address: server.address,
    mouth,
    point: (address: string | null) =>
      mouth.point(
        address,
        [...known.values()].map((each) => messageOf(each.kind === 'block' ? 'S23' : 'S12', each)),
      ),
    async close() {
      mouth.point(null, []);
      await server.close();
    },
  };
}

/** As a record sends it: with its own id, ours where it has it, and who comes. */
export function messageOf(
  event: string,
  { id, reference, calendar, interval: { start, end } }: Busy,
): string {
  const placer = reference === null ? '' : `${reference.replace('passerelle:', '')}^PASSERELLE`;
  const minutes = (end - start) / MINUTE;
  return [
    `MSH|^~\\&|DME|CLINIQUE|PASSERELLE||${stamp(systemClock.now())}||SIU^${event}^SIU_S12|MSG${id}|P|2.5.1||||||UNICODE UTF-8`,
    `SCH|${placer}|${id}||||ROUTINE|||${minutes}|min|^^^${stamp(start)}^${stamp(end)}`,
    'PID|1||99999^^^DME||FICTIF^Hélène||19010203|F',
    'RGS|1|A',
    `AIP|1|A|${calendar}^TREMBLAY^Fictive|||${stamp(start)}|||${minutes}|min`,
    '',
  ].join('\r');
}

function answerTo(agenda: Agenda<null>, text: string): string {
  const segments = text.split('\r').map((line) => line.split('|'));
  const field = (name: string, index: number): string =>
    segments.find(([first]) => first === name)?.[index] ?? '';
  const event = field('MSH', 8).split('^')[1] ?? '';
  const [placer = '', namespace] = field('SCH', 1).split('^');
  const reference = namespace === 'PASSERELLE' ? `passerelle:${placer}` : null;
  const calendar = field('AIP', 3);
  const found = agenda
    .busy(calendar)
    .find((each) => (reference === null ? each.id === field('SCH', 2) : each.reference === reference));
  const answer = (code: string, error = '', application = ''): string =>
    `MSH|^~\\&|DME||PASSERELLE||${stamp(systemClock.now())}||ACK|R1|P|2.5.1\rMSA|${code}|${field('MSH', 9)}\r${error === '' ? '' : `ERR|||${error}|E|${application}\r`}`;
  if (event === 'S15' || event === 'S24') {
    if (!found) return answer('AE', '204');
    agenda.remove(found);
    return answer('AA');
  }
  const wanted = interval(timeIn(field('AIP', 6)), timeIn(field('TQ1', 8)));
  if (event === 'S23') {
    if (found) agenda.change(found, { interval: wanted });
    else agenda.block(calendar, wanted, reference);
    return answer('AA');
  }
  if (event === 'S12') {
    if (found) return answer('AE', '205');
    const booked = agenda.reserve({ calendar, interval: wanted, reference, slotId: null, expiresAt: null });
    return booked ? answer('AA') : answer('AE', '207', TAKEN);
  }
  if (event !== 'S13') return answer('AR', '201');
  if (found?.kind !== 'reservation') return answer('AE', '204');
  return agenda.move(found, wanted, null) ? answer('AA') : answer('AE', '207', TAKEN);
}

/** Sends what there is to say in order, each once the one before was acknowledged; what failed is said again. */
class Mouth {
  readonly answers: FeedAnswer[] = [];
  #address: string | null = null;
  #last = '';
  #queue: string[] = [];
  #talking: Promise<void> = Promise.resolve();
  #socket: Socket | null = null;

  point(address: string | null, standing: readonly string[]): void {
    this.#socket?.destroy();
    this.#socket = null;
    this.#address = address;
    // With nobody to tell, nothing waits to be told: who waits for that would wait for ever.
    this.#queue = address === null ? [] : [...standing];
    this.#talking = this.#talking.then(() => this.#talk());
  }

  get address(): string {
    return this.#address ?? '';
  }

  say(message: string): void {
    if (this.#address === null) return;
    this.#queue.push(message);
    this.#talking = this.#talking.then(() => this.#talk());
  }

  repeat(): void {
    this.say(this.#last);
  }

  async told(): Promise<void> {
    while (this.#queue.length > 0) await this.#talking;
    await this.#talking;
  }

  async #talk(): Promise<void> {
    while (this.#address !== null && this.#queue[0] !== undefined) {
      const message = this.#queue[0];
      const at = this.#address;
      this.#socket ??= await dial(at);
      const answer = await ask(this.#socket, framed(Buffer.from(message, 'utf8')));
      if (this.#address !== at) return;
      this.answers.push(answer);
      if (answer === 'accepted' || answer === 'refused') {
        this.#last = message;
        this.#queue.shift();
      } else await new Promise((resolve) => setTimeout(resolve, AGAIN_MILLISECONDS));
      if (answer === 'none') this.#socket = null;
    }
  }
}

export async function dial(address: string): Promise<Socket> {
  const [host, port] = address.split(':');
  const socket = connect(Number(port), host);
  socket.on('error', () => socket.destroy());
  await new Promise<void>((resolve) => {
    for (const event of ['connect', 'close']) socket.once(event, () => resolve());
  });
  return socket;
}

const ANSWERS: Readonly<Record<string, FeedAnswer>> = { AA: 'accepted', AE: 'failed', AR: 'refused' };

/** The answer to these bytes; `none` where the connection ends without one. */
export function ask(socket: Socket, bytes: Buffer): Promise<FeedAnswer> {
  const frames = new Frames(64 * 1024);
  return new Promise((resolve) => {
    const answered = (answer: FeedAnswer): void => {
      socket.off('data', heard);
      socket.off('close', ended);
      resolve(answer);
    };
    const heard = (chunk: Buffer): void => {
      const [message] = frames.push(chunk);
      if (!message) return;
      answered(ANSWERS[/\rMSA\|(\w\w)/.exec(message.toString('utf8'))?.[1] ?? ''] ?? 'none');
    };
    const ended = (): void => answered('none');
    socket.on('data', heard);
    socket.on('close', ended);
    if (socket.destroyed) ended();
    socket.write(bytes);
  });
}

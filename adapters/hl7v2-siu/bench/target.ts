import { codeMaps } from '../../../src/adapter/concept-map.ts';
import { framed } from '../../../src/adapter/mllp/frames.ts';
import { type Bench, type PlatformTarget, type Raw, SECRET } from '../../../src/conformance/target.ts';
import { DAY, HOUR, type Instant, instant, MINUTE, plus } from '../../../src/domain/instant.ts';
import { interval } from '../../../src/domain/interval.ts';
import adapter from '../adapter.ts';
import { ask, dial, startEmr, TAKEN } from './emr.ts';
import { startMllpProxy } from './proxy.ts';

const CALENDAR = 'dr-tremblay';
const DAYS = 20;
const SLOT_MINUTES = 20;

export const emrTarget: PlatformTarget = {
  adapter,
  name: 'simulator',
  stage: 'simulator',
  open: ({ zone }) => openBench(zone),
};

async function openBench(zone: string): Promise<Bench> {
  const emr = await startEmr(zone);
  const { agenda, mouth } = emr;
  agenda.putCalendar({ id: CALENDAR, actor: CALENDAR, through: null });
  for (const start of slotStarts(agenda.clock.now()))
    agenda.offer(CALENDAR, interval(start, plus(start, SLOT_MINUTES * MINUTE)), null, null);

  const raw = async (): Promise<Raw> => ({
    slots: agenda
      .slots(CALENDAR)
      .map((slot) => ({ id: slot.id, interval: slot.interval, status: agenda.stateOf(slot) })),
    periods: agenda.busy(CALENDAR).map((each) => ({
      // What is ours it knows by our id.
      id: each.reference ?? each.id,
      kind: each.kind === 'block' ? 'blocked' : 'booked',
      interval: each.interval,
      reference: each.reference,
    })),
  });
  const hostile = HOSTILE.map((bytes) => async () => {
    const socket = await dial(mouth.address);
    try {
      return await ask(socket, bytes);
    } finally {
      socket.destroy();
    }
  });
  const taking = { calendar: CALENDAR, reference: null, slotId: null, expiresAt: null };
  return {
    baseUrl: `mllp://${emr.address}`,
    settings: (address) => ({ address, listen: { port: 0 }, takenCodes: [TAKEN] }),
    expired: null,
    maps: codeMaps([]),
    emptyMaps: null,
    calendar: CALENDAR,
    zone,
    raw,
    freeTimes: async () =>
      (await raw()).slots
        .filter((slot) => slot.status === 'free')
        .map((slot) => ({ interval: slot.interval, slot: null })),
    patientBooks: async (time) => agenda.reserve({ ...taking, interval: time.interval })?.id ?? null,
    patientCancels: async (id) => {
      const found = agenda.busy(CALENDAR).find((each) => each.id === id);
      if (!found) throw new Error(`there is no ${id}`);
      agenda.remove(found);
    },
    staffBooks: async (time) => agenda.take({ ...taking, interval: time }).id,
    tamper: null,
    pointWebhook: null,
    feed: {
      point: emr.point,
      told: () => mouth.told(),
      repeat: () => mouth.repeat(),
      tellMalformed: () => mouth.say(MALFORMED),
      hostile,
      answers: mouth.answers,
    },
    startProxy: () => startMllpProxy(`mllp://${emr.address}`),
    close: emr.close,
  };
}

/** From the next hour but one, and never at night. */
function slotStarts(now: Instant): Instant[] {
  const first = Math.ceil(now / HOUR) * HOUR + HOUR;
  const starts = Array.from({ length: (DAYS * DAY) / (SLOT_MINUTES * MINUTE) }, (_, index) =>
    instant(first + index * SLOT_MINUTES * MINUTE),
  );
  return starts.filter((start) => new Date(start).getUTCHours() >= 14 && new Date(start).getUTCHours() < 21);
}

const HEADER = 'MSH|^~\\&|DME|CLINIQUE|PASSERELLE||20261124142000+0000||';

/** A time that is none, with a name where the time should be. */
const MALFORMED = [
  `${HEADER}SIU^S12^SIU_S12|MSGBAD|P|2.5.1`,
  'SCH|||||||||||',
  `AIP|1|A|${CALENDAR}|||${SECRET}|||20|min`,
  '',
].join('\r');

const HOSTILE: readonly Buffer[] = [
  Buffer.from('GET / HTTP/1.1\r\n\r\n'),
  Buffer.from('\x0bMSH|^~\\&|\x1cX'),
  ...[
    '',
    'MSH',
    'MSH|||||',
    '<html></html>',
    '\0',
    `${HEADER}ADT^A01|M1|P|2.5.1\rPID|1`,
    `${HEADER}SIU^S99|M2|P|2.5.1\rSCH|1|2`,
    `${HEADER}SIU^S12|M3|T|2.5.1\rSCH|1|2`,
    `${HEADER}SIU^S12||P|2.5.1\rSCH|1|2`,
    `${HEADER}SIU^S12|M4|P|2.5.1||||||KLINGON\rSCH|1|2`,
    `${HEADER}SIU^S12|M5|P|2.5.1\r${'NTE|1\r'.repeat(3_000)}`,
    `${HEADER}SIU^S12|M6|P|2.5.1\rNTE|1||${'x'.repeat(300_000)}`,
  ].map((text) => framed(Buffer.from(text))),
];

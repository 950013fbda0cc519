import { codeMaps } from '../../../src/adapter/concept-map.ts';
import { framed } from '../../../src/adapter/mllp/frames.ts';
import { agendaHands } from '../../../src/conformance/agenda-hands.ts';
import { type Bench, type PlatformTarget, SECRET } from '../../../src/conformance/target.ts';
import adapter from '../adapter.ts';
import { ask, dial, startEmr, TAKEN } from './emr.ts';
import { startMllpProxy } from './proxy.ts';

const CALENDAR = 'dr-tremblay';

export const emrTarget: PlatformTarget = {
  adapter,
  name: 'simulator',
  stage: 'simulator',
  open: ({ zone }) => openBench(zone),
};

async function openBench(zone: string): Promise<Bench> {
  const emr = await startEmr(zone);
  const { agenda, mouth } = emr;
  // What is ours it knows by our id.
  const hands = agendaHands(agenda, CALENDAR, ({ reference, id }) => reference ?? id);

  const hostile = HOSTILE.map((bytes) => async () => {
    const socket = await dial(mouth.address);
    try {
      return await ask(socket, bytes);
    } finally {
      socket.destroy();
    }
  });
  return {
    baseUrl: `mllp://${emr.address}`,
    settings: (address) => ({ address, listen: { port: 0 }, takenCodes: [TAKEN] }),
    expired: null,
    maps: codeMaps([]),
    emptyMaps: null,
    ...hands,
    zone,
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

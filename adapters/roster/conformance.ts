import { mapsOf } from '../../src/conformance/simulator-target.ts';
import { type Bench, type Planner, type PlatformTarget, SECRET } from '../../src/conformance/target.ts';
import { DAY, HOUR, parseInstant, plus } from '../../src/domain/instant.ts';
import { interval } from '../../src/domain/interval.ts';
import adapter from './adapter.ts';
import type { Format } from './manifest.ts';
import { PASSWORD, type RosterSimulator, startSimulator, USERNAME } from './simulator/start.ts';

/** What the suite is run on: one roster, published in each format. */

const PRACTITIONER = 'dr-tremblay';
const PATHS: Record<Format, string> = {
  json: '/roster.json',
  csv: '/roster.csv',
  ics: `/roster/${PRACTITIONER}.ics`,
};

/** Every way not to be a shift: no time, no day, no end, another's month. */
const MALFORMED: Record<Format, (body: string) => string> = {
  json: (body) =>
    body.replace(
      '"shifts":[',
      `"shifts":[${[
        `{"id":"malformed-1","practitioner":"${PRACTITIONER}","start":"${SECRET}","end":"${SECRET}"}`,
        `{"id":"malformed-2","practitioner":"${PRACTITIONER}","start":"24/11/2027 08:00","end":"24/11/2027 12:00"}`,
        `{"practitioner":"${SECRET}"}`,
        `"${SECRET}"`,
      ].join(',')},`,
    ),
  csv: (body) =>
    `${body}malformed-1;${PRACTITIONER};ici;46350,333;46350,5;garde;;;1\r\n;${SECRET};ici;${SECRET};;;;;\r\n${SECRET}\r\n`,
  ics: (body) =>
    body.replace(
      /END:VCALENDAR\s*$/,
      (end) =>
        `BEGIN:VEVENT\r\nUID:malformed-1\r\nSUMMARY:${SECRET}\r\nDTSTART:${SECRET}\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:${SECRET}\r\n${end}`,
    ),
};

export const rosterTarget = (format: Format): PlatformTarget => ({
  adapter,
  name: `simulator, ${format}`,
  stage: 'simulator',
  open: ({ zone }) => openBench(format, zone),
});

async function openBench(format: Format, zone: string): Promise<Bench> {
  const simulator = await startSimulator({ seed: 7, actors: [PRACTITIONER], days: 21, zone });
  const settings = (baseUrl: string, password: string) => {
    const calendar = format === 'ics' ? { calendar: PRACTITIONER } : {};
    const url = baseUrl + PATHS[format];
    return { documents: [{ url, format, username: USERNAME, password, ...calendar }] };
  };
  const today = parseInstant(`${new Date().toISOString().slice(0, 10)}T12:00:00Z`);
  return {
    baseUrl: simulator.url,
    settings: (baseUrl) => settings(baseUrl, PASSWORD),
    expired: (baseUrl) => settings(baseUrl, 'expired'),
    ...(await mapsOf(adapter.manifest.id)),
    calendar: PRACTITIONER,
    zone,
    raw: async () => ({ slots: [], periods: [] }),
    // Behind all that is planned.
    freeTimes: async () =>
      Array.from({ length: 20 }, (_, day) => ({
        interval: interval(plus(today, (25 + day) * DAY), plus(today, (25 + day) * DAY + HOUR)),
        slot: null,
      })),
    patientBooks: null,
    patientCancels: null,
    staffBooks: null,
    tamper: { addMalformed: MALFORMED[format] },
    pointWebhook: null,
    planner: plannerOf(simulator, format),
    close: simulator.close,
  };
}

/** On the simulator's own memory, behind what it publishes. */
const plannerOf = ({ rosters }: RosterSimulator, format: Format): Planner => ({
  shifts: async () => rosters.shifts,
  publish: async (time) => {
    const planned = { practitioner: PRACTITIONER, place: 'Clinique fictive', task: 'rendez-vous' };
    return rosters.add({ ...planned, interval: time }).id;
  },
  move: async (id, time) => {
    rosters.change(id, { interval: time });
  },
  withdraw: async (id) => {
    rosters.remove(id);
  },
  publishOnly: format === 'ics' ? null : async (period) => rosters.publishOnly(period),
});

export default (['json', 'csv', 'ics'] as const).map(rosterTarget);

import { expect } from 'chai';
import type { ConfigurationEditor } from '../../src/config/editing/editor.ts';
import { DAY, HOUR, plus } from '../../src/domain/instant.ts';
import type { PolicyRecordReader, RecordedPeriod } from '../../src/engine/ports/policy-preview.ts';
import { momentAt } from '../../src/engine/preview/words.ts';
import { PolicyPreviewAnswer } from '../../src/server/contract/policies.ts';
import { READ_ONLY } from '../support/fake-editor.ts';
import { NOW, uuid } from '../support/fake-ports.ts';
import { type Served, serve } from '../support/served-front.ts';

type Checked = Parameters<ConfigurationEditor['check']>[0];

/** Booked through Passerelle three days before it began, yesterday. */
const START = plus(NOW, -DAY);
const INTERVAL = { start: START, end: plus(START, HOUR) };
const FACT = { connectionId: 'vendor', interval: INTERVAL };
const BOOKED: RecordedPeriod = {
  ...{
    id: uuid(9),
    scheduleId: 'agenda-gagnon',
    kind: 'appointment',
    originId: 'vendor',
    interval: INTERVAL,
  },
  ...{ expiresAt: null, changedAt: plus(START, -3 * DAY), endedAt: null },
  facts: [
    { ...FACT, type: 'appointment.claimed', at: plus(START, -3 * DAY) },
    { ...FACT, type: 'appointment.booked', at: plus(START, -3 * DAY) },
  ],
};
const RECORD: PolicyRecordReader = {
  recordedSlots: async () => [],
  recordedPeriods: async ({ after }) => (after ? [] : [BOOKED]),
  recordedConflicts: async () => [],
  recordedOutages: async () => [],
  recordedAccepted: async () => [],
  recordedSince: async () => ({ since: null, minutes: 0 }),
};

describe('/api/policies', () => {
  let served: Served;
  let checked: Checked[];
  let problem: { field: string | null; message: string } | null;

  before(async () => {
    const editor: ConfigurationEditor = {
      ...READ_ONLY,
      check: async (edit) => {
        checked.push(edit);
        return problem ? [{ ...problem, line: 3, column: 9, path: 'schedules[1].policy' }] : [];
      },
    };
    served = await serve({ record: RECORD, editor, policy: { conflicts: 'keep-first' } });
  });
  beforeEach(() => {
    checked = [];
    problem = null;
  });
  after(() => served.close());

  async function preview(body: unknown, query = '') {
    const answer = await served.request('POST', `/api/policies/agenda-gagnon/preview${query}`, {
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(answer.status, answer.text).to.equal(200);
    return PolicyPreviewAnswer.parse(answer.json());
  }

  it('lists the schedules with their rules as somebody would write them, and who shares them', async () => {
    const { schedules } = (await served.request('GET', '/api/policies')).json<{
      schedules: { id: string }[];
    }>();
    expect(schedules.map(({ id }) => id)).to.deep.equal(['agenda-tremblay', 'agenda-gagnon']);
    expect(schedules[1]).to.deep.include({
      ...{ practitioner: 'Luc Gagnon', location: 'Clinique fictive de Verdun', timeZone: 'America/Toronto' },
      policy: { conflicts: 'keep-first' },
    });
    expect(schedules[1]).to.have.property('calendars').that.is.an('array').with.length.greaterThan(0);
  });

  it('says what the last days would have been, beside what they are under the rules of today', async () => {
    const from = momentAt(plus(START, -2 * DAY), 'America/Toronto');
    const { preview: found, problems } = await preview({ release: { hoursBefore: 48 } });
    expect(problems).to.deep.equal([]);
    expect(found).to.include({
      from: '2026-11-16T05:00:00.000Z',
      before: '2026-11-23T05:00:00.000Z',
      casesTotal: 1,
    });
    expect(found?.current.bookings).to.include({ made: 1, refused: 0 });
    expect(found?.candidate.bookings).to.include({ made: 1, refused: 1 });
    expect(found?.cases[0]).to.deep.include({
      ...{ kind: 'booking', at: '2026-11-19T13:00:00.000Z', connection: 'vendor', how: 'passerelle' },
      candidate: {
        outcome: 'refused',
        reason: {
          fr: `elle ne se réserve qu’à partir du ${from.fr}`,
          en: `it may be booked only from ${from.en}`,
        },
      },
    });
    expect(found?.unknowns.length).to.be.greaterThan(3);
  });

  it('says what is wrong with a policy, by itself and beside the rest of the configuration', async () => {
    const wrong = await preview({ conflicts: 'keep-last', holds: { minutes: 9, maxMinutes: 5 } });
    expect(wrong.preview).to.equal(null);
    expect(wrong.problems.map(({ field }) => field)).to.deep.equal(['holds.minutes', 'conflicts']);
    expect(checked, 'nothing else is asked').to.deep.equal([]);

    problem = { field: 'policy.sharing.shares.nobody', message: 'is no connection' };
    const policy = { sharing: { mode: 'allotted', shares: { nobody: 1, vendor: 1 }, pooledHoursBefore: 1 } };
    const beside = await preview(policy);
    expect(beside.problems).to.deep.equal([
      {
        ...{ path: 'policy.sharing.shares.nobody', field: 'sharing.shares.nobody', line: 1, column: 1 },
        message: { en: 'is no connection' },
      },
    ]);
    expect(checked).to.deep.equal([
      {
        ...{ kind: 'put', list: 'schedules', id: 'agenda-gagnon' },
        value: {
          ...{ id: 'agenda-gagnon', practitioner: 'gagnon', location: 'verdun', service: 'visite' },
          ...{ capacity: 1, policy },
        },
      },
    ]);
  });

  it('looks at the week to come as far as it is booked, where that is asked for', async () => {
    const { preview: found } = await preview({}, '?week=next');
    expect(found).to.include({ from: '2026-11-23T05:00:00.000Z', before: '2026-11-30T05:00:00.000Z' });
    expect(found?.unknowns.map(({ en }) => en).join()).to.contain('not over');
    const { status } = await served.request('POST', '/api/policies/agenda-gagnon/preview?week=all', {
      headers: { 'content-type': 'application/json' },
      body: {},
    });
    expect(status).to.equal(400);
  });

  it('does not tell of what is wrong elsewhere in the file', async () => {
    problem = { field: null, message: 'a problem of another clinic' };
    expect((await preview({})).preview).not.to.equal(null);
  });

  it('knows no schedule that is not configured', async () => {
    const { status } = await served.request('POST', '/api/policies/agenda-inconnu/preview', {
      headers: { 'content-type': 'application/json' },
      body: {},
    });
    expect(status).to.equal(404);
  });
});

import { expect } from 'chai';
import type { AuditEvent } from 'fhir/r4.js';
import { Incidents, incidentTable } from '../../src/cli/incident-register.ts';
import { runProgram } from '../../src/cli/program.ts';
import { INCIDENT_FIELDS } from '../../src/domain/incident.ts';
import { DAY, formatInstant, plus } from '../../src/domain/instant.ts';
import { auditEvent } from '../support/audit-events.ts';
import { NOW } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { type Served, serve, TOKEN } from '../support/served-front.ts';
import { dependencies } from './output.ts';

describe('passerelle audit and incidents', () => {
  let served: Served;
  before(async () => {
    served = await serve();
  });
  after(() => served.close());
  beforeEach(async () => {
    served.world.audited.length = 0;
    served.world.incidents.length = 0;
    for (const index of ['1', '2', '3']) {
      await served.ports.auditor.record(auditEvent({ detail: { index } }));
    }
  });

  const run = async (...args: readonly string[]) => {
    const given = dependencies({});
    const reaching = ['--url', served.url, '--token', TOKEN];
    const code = await runProgram(given, ['node', 'passerelle', ...args, ...reaching]);
    return { code, out: given.out(), err: given.err() };
  };

  it('verify: how many, since when, and the anchor; and again with that', async () => {
    const { code, out, err } = await run('audit', 'verify');
    expect([code, err]).to.deep.equal([0, '']);
    const [first, anchor = '', ...more] = out.trim().split('\n');
    expect(first).to.equal(`3 records hold, from ${formatInstant(NOW)} to ${formatInstant(NOW)}`);
    expect(anchor).to.match(/^anchor 3:[0-9a-f]{64}$/);
    expect(more).to.deep.equal([]);
    const again = await run('audit', 'verify', '--anchor', anchor.slice('anchor '.length));
    expect(again.code, again.err).to.equal(0);
    expect((await run('audit', 'verify', '--anchor', 'x')).err).to.contain('<sequence>:<hash>');
  });

  it('verify: names the first record that is wrong, and fails', async () => {
    const [, second] = served.world.audited;
    if (!second) throw new Error('none');
    served.world.audited[1] = { ...second, agent: 'token:other' };
    const { code, out, err } = await run('audit', 'verify');
    expect(code).to.equal(1);
    expect(out).to.contain('1 records hold');
    expect(err).to.contain('record 2 is not as it was written');
    served.world.audited.length = 1;
    const cut = await run('audit', 'verify', '--anchor', `3:${'0'.repeat(64)}`);
    expect([cut.code, cut.err]).to.deep.equal([
      1,
      'the log ends before record 2, which an anchor says was there: its end was cut off\n',
    ]);
  });

  it('export: a line of valid R4 for each record of the period', async () => {
    const { code, out, err } = await run('audit', 'export');
    expect([code, err]).to.deep.equal([0, '']);
    const events = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditEvent);
    // The last is of this export itself.
    expect(events.map(({ id }) => Number(id))).to.deep.equal([1, 2, 3, 4]);
    for (const event of events) expect(faultsOf(event)).to.deep.equal([]);
    const later = await run('audit', 'export', '--from', formatInstant(plus(NOW, DAY)));
    expect([later.code, later.out]).to.deep.equal([0, '']);
    expect((await run('audit', 'export', '--from', 'monday')).err).to.contain('instant with its offset');
  });

  it('incidents: written down with what the log knows, added to, and exported for a spreadsheet', async () => {
    const agent = auditEvent().agent ?? '';
    const period = ['--from', formatInstant(plus(NOW, -DAY)), '--before', formatInstant(plus(NOW, DAY))];
    const added = await run(
      ...['incidents', 'add', '--principal', agent, ...period],
      ...['--circumstances', 'Le jeton « portail » a été publié; "par erreur"', '--risk', '=1+1'],
    );
    expect([added.code, added.err]).to.deep.equal([0, '']);
    const [, id = ''] = /^incident (\S+), version 1\n/.exec(added.out) ?? [];
    expect(added.out).to.contain('3 records of it, about 1 persons').and.to.contain('awareOn');
    const more = await run('incidents', 'add', '--id', id, '--persons', '2', '--aware-on', '2026-11-24');
    expect(more.out).to.contain('version 2').and.not.to.contain('awareOn');

    const { out } = await run('incidents', 'export');
    expect(out.charCodeAt(0)).to.equal(0xfeff);
    const [header = '', row = '', ...rest] = out.slice(1).split('\r\n');
    expect(rest).to.deep.equal(['']);
    expect(header).to.contain('Renseignements visés;Circonstances de l’incident;');
    expect(row).to.contain('"Le jeton « portail » a été publié; ""par erreur"""');
    expect(row).to.contain(
      `[à confirmer] du ${formatInstant(NOW)} au ${formatInstant(NOW)};2026-11-24;2;'=1+1;[à remplir]`,
    );
    expect(row).to.contain(auditEvent().entities[0]);
    expect(row).to.contain('192.0.2.7');

    const json = JSON.parse((await run('incidents', 'export', '--format', 'json')).out) as object[];
    expect(json).to.have.length(1);
    expect(json[0]).to.deep.include({
      version: 2,
      persons: '2',
      toFill: [
        'information',
        'occurred',
        'noticeToMinister',
        'noticeToCommission',
        'noticeToPersons',
        'measures',
      ],
    });
    expect(served.world.audited.map(({ type }) => type)).to.include.members([
      'incident.recorded',
      'incident.read',
    ]);
  });

  it('incidents: count nobody who is named in what could not be read, and say that it was opened', () => {
    const nothing = Object.fromEntries(INCIDENT_FIELDS.map((name) => [name, null]));
    const facts = {
      ...{ agent: 'user:1', name: null, from: 'a', before: 'b', records: 3, firstAt: 'a', lastAt: 'a' },
      ...{ addresses: [], patients: ['Patient/1'], appointments: [], byType: { 'rejected.opened': 2 } },
    };
    const { incidents } = Incidents.parse({
      incidents: [{ id: 'i', version: 1, writtenAt: 'a', writtenBy: 'w', ...nothing, facts }],
    });
    expect(incidentTable(incidents)).to.contain(
      ';[à confirmer] 1, et qui est nommé dans les fiches illisibles, ouvertes 2 fois;',
    );
  });

  it('incidents: says what is wrong', async () => {
    expect((await run('incidents', 'add', '--principal', 'token:x')).err).to.contain('go together');
    expect((await run('incidents', 'add', '--id', crypto.randomUUID())).err).to.contain(
      'no incident has this id',
    );
    expect((await run('incidents', 'export', '--format', 'xml')).err).to.contain('csv');
  });
});

import { expect } from 'chai';
import type { OperationOutcome } from 'fhir/r4.js';
import { OUTCOMES, type OutcomeName } from '../../src/fhir/outcomes.ts';
import { uuid } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { bookingOf } from '../support/incoming-appointment.ts';
import { type Served, serve } from '../support/served-front.ts';
import { CASES, type Case } from './refused-requests.ts';

describe('fhir: every outcome of the table', () => {
  let served: Served;
  beforeEach(async () => {
    served = await serve();
  });
  afterEach(() => served.close());

  for (const [outcome, cases] of Object.entries(CASES) as [OutcomeName, Record<string, Case>][]) {
    const { status, code, title } = OUTCOMES[outcome];
    for (const [name, { method = 'GET', path, init, arrange, at, headers = {} }] of Object.entries(cases)) {
      it(`${status} ${outcome}: ${name}`, async () => {
        arrange?.(served.world);
        const told: string[] = [];
        for (const language of ['fr', 'en'] as const) {
          const asked = { ...init?.headers, 'accept-language': `${language}-CA` };
          const answer = await served.request(method, path, { ...init, headers: asked });
          expect(answer.status, answer.text).to.equal(status);
          expect(answer.headers.get('content-type')).to.equal('application/fhir+json; charset=utf-8');
          expect(answer.headers.get('content-language')).to.equal(language);
          const resource = answer.json<OperationOutcome>();
          expect(faultsOf(resource)).to.deep.equal([]);
          expect(resource.language).to.equal(language);
          const [issue] = resource.issue;
          expect(issue?.severity).to.equal(outcome === 'not-held' ? 'fatal' : 'error');
          expect(issue?.details?.text).to.equal(title[language]);
          expect(JSON.stringify(issue?.details)).to.contain(title.en).and.to.contain(title.fr);
          expect(issue?.diagnostics).to.be.a('string').that.is.not.empty;
          told.push(issue?.diagnostics ?? '');
          expect(issue?.expression ?? null).to.deep.equal(at === null ? null : [at]);
          // A resource or a modifier can be wrong in ways that FHIR has finer words for.
          if (!['invalid-resource', 'invalid-parameter', 'not-held'].includes(outcome))
            expect(issue?.code).to.equal(code);
          for (const [header, value] of Object.entries(headers)) {
            expect(answer.headers.get(header), header).to.equal(value);
          }
        }
        // The doubles of the ports say the same in both.
        if (!arrange) expect(told[0]).to.not.equal(told[1]);
      });
    }
  }

  it('tells everything that is wrong with a resource at once', async () => {
    const body = { ...bookingOf(uuid(1)), status: 'taken', start: 'soon', participant: [] };
    const { issue } = (await served.request('POST', '/fhir/Appointment', { body })).json<OperationOutcome>();
    expect(issue.flatMap((each) => each.expression ?? [])).to.have.members([
      'Appointment.status',
      'Appointment.start',
      'Appointment.participant',
    ]);
  });

  it('says nothing of what failed but where it is in the log, and logs no value', async () => {
    served.world.failure = new Error('duplicate key value: (SECRET PATIENT)');
    const { text } = await served.request('GET', '/fhir/Slot');
    const entry = served.log.find((line) => line['msg'] === 'request failed');
    expect(text).to.contain(entry?.['id']);
    expect(text + JSON.stringify(served.log)).to.not.contain('SECRET');
    expect(entry).to.include({ kind: 'Error' });
    expect(JSON.stringify(entry?.['at'])).to.contain('errors.test.ts');
  });
});

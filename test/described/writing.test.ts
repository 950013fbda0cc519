import { expect } from 'chai';
import type { Platform } from '../../src/adapter/contract.ts';
import type { Fault } from '../../src/adapter/faults.ts';
import { markOf } from '../../src/adapter/observation.ts';
import { MINUTE, plus } from '../../src/domain/instant.ts';
import { faultOf } from '../support/platform-http.ts';
import { type Answered, type Asked, BASIS, NOW, scripted } from './scripted.ts';

/** Writes of a description, where the suite cannot look: what is sent, and what odd answers mean. */

const MARK = markOf('00000000-0000-4000-8000-000000000001');
const interval = { start: NOW, end: plus(NOW, 20 * MINUTE) };
const KNOWN = { externalId: 'x/1', revision: '7' };

const WRITE = {
  answer: { id: 'id', revision: 'version' },
  block: {
    request: {
      method: 'POST',
      path: '/blocks',
      body: {
        doctor: '{{ calendar }}',
        at: "{{ $local(start, 'DD/MM/YYYY HH:mm') }}",
        length: '{{ minutes }}',
        note: 'by {{ mark }}',
        none: '{{ settings.none }}',
        fixed: 3,
        list: ['{{ end }}', true, null],
        fill: { fill: 'x' },
      },
    },
    change: {
      method: 'PUT',
      path: '/blocks/{{ known.externalId }}',
      form: { length: '{{ minutes }}', 'what for': 'a & b' },
    },
  },
  unblock: { request: { method: 'DELETE', path: '/blocks/{{ known.externalId }}' } },
};

const serve = (write: object, answer: (asked: Asked) => Answered, more: object = {}) =>
  scripted({ ...BASIS, ...more, write: { ...WRITE, ...write } }, answer);

const block = (platform: Platform, known: typeof KNOWN | null = null) =>
  platform.operations.block?.({ calendar: 'dr', mark: MARK, interval, known });
const unblock = (platform: Platform, known = KNOWN) =>
  platform.operations.unblock?.({ calendar: 'dr', mark: MARK, known });
const MADE = { status: 201, body: { id: 12, version: 3 } };

describe('a write of a description', () => {
  it('puts the command in: values as they are, texts in texts, and no key without a value', async () => {
    const { platform, asked } = serve({}, () => MADE);
    expect(await block(platform)).to.deep.equal({
      outcome: 'done',
      externalId: '12',
      revision: '3',
      sequence: null,
    });
    expect(JSON.parse(asked[0]?.body ?? '')).to.deep.equal({
      doctor: 'dr',
      at: '24/11/2026 09:00',
      length: 20,
      note: `by ${MARK}`,
      fixed: 3,
      list: ['2026-11-24T14:20:00.000Z', true, null],
      fill: { fill: 'x' },
    });
  });

  it('sends a form where it has one, and encodes what it puts into a path', async () => {
    const { platform, asked } = serve({}, () => MADE);
    await block(platform, KNOWN);
    expect([asked[0]?.method, asked[0]?.path, asked[0]?.body]).to.deep.equal([
      'PUT',
      '/api/blocks/x%2F1',
      'length=20&what+for=a+%26+b',
    ]);
    expect(asked[0]?.headers['content-type']).to.equal('application/x-www-form-urlencoded');
  });

  it('is not sent where a part of its path would lead elsewhere, or a header would be two', async () => {
    const { platform, asked } = serve({ condition: {} }, () => MADE);
    for (const externalId of ['..', '.']) {
      const fault = await faultOf(async () => unblock(platform, { externalId, revision: '1' }));
      expect(`${fault.kind}: ${fault.message}`).to.contain('malformed: the description cannot be followed');
    }
    const fault = await faultOf(async () =>
      unblock(platform, { externalId: 'x', revision: '1\r\nX-Evil: 1' }),
    );
    expect(fault.message).to.contain('the header If-Match has a character that no header may have');
    expect(asked).to.deep.equal([]);
  });

  it('is conditional where the platform honours that, and what it changes has a revision', async () => {
    const { platform, asked } = serve({ condition: {} }, ({ method }) => ({
      status: method === 'POST' ? 201 : 412,
      body: { id: 1 },
    }));
    expect(await unblock(platform)).to.deep.equal({ outcome: 'taken' });
    expect(await block(platform, KNOWN)).to.deep.equal({ outcome: 'taken' });
    await block(platform);
    expect(asked.map(({ headers }) => headers['if-match'])).to.deep.equal(['"7"', '"7"', undefined]);
    await unblock(platform, { ...KNOWN, revision: null as never });
    expect(asked.at(-1)?.headers['if-match']).to.equal(undefined);
  });

  const LOOKUP = {
    record: { ...BASIS.record, mark: 'note' },
    lookup: { request: { path: '/find', query: { mark: '{{ mark }}' } }, rows: 'rows', none: [404] },
  };

  it('has a key where the platform knows it, of what is made and of nothing else', async () => {
    const { platform, asked } = serve({ key: { header: 'X-Key' } }, () => MADE, LOOKUP);
    await block(platform);
    await block(platform, KNOWN);
    await unblock(platform);
    expect(asked.map(({ headers }) => headers['x-key'])).to.deep.equal([MARK, undefined, undefined]);
  });

  it('moves what a key of before has made for another time', async () => {
    const stands = { id: 'b1', doctor: 'dr', start: '2026-11-24T18:00:00Z', note: MARK };
    const { platform, asked } = serve(
      { key: { header: 'X-Key' }, answer: { record: '$' } },
      ({ method }) => ({
        body: method === 'PUT' ? { ...stands, start: '2026-11-24T14:00:00Z' } : stands,
      }),
      LOOKUP,
    );
    expect(await block(platform)).to.deep.include({ outcome: 'done', externalId: 'b1' });
    expect(asked.map(({ method, path }) => `${method} ${path}`)).to.deep.equal([
      'POST /api/blocks',
      'PUT /api/blocks/b1',
    ]);
  });

  for (const [what, answer, outcome] of [
    ['409', { status: 409 }, 'taken'],
    ['404 of what is made anew: the calendar is not known', { status: 404 }, 'malformed'],
    ['a status that nobody described', { status: 418 }, 'malformed'],
    ['no JSON', { status: 201, body: '<html>' }, 'unsure'],
    ['no id', { status: 201, body: {} }, 'unsure'],
    ['an id that is none', { status: 201, body: { id: { x: 1 } } }, 'unsure'],
    ['500', { status: 500 }, 'unsure'],
    ['401', { status: 401 }, 'unauthorized'],
    ['429', { status: 429 }, 'throttled'],
  ] as const) {
    it(`is ${outcome} by ${what}`, async () => {
      const { platform } = serve({}, () => answer);
      const told = outcome === 'taken' ? await block(platform) : await faultOf(async () => block(platform));
      expect(told && 'kind' in told ? told.kind : told?.outcome).to.equal(outcome);
    });
  }

  it('is gone by 404 of what it changes, or takes away', async () => {
    const { platform } = serve({}, () => ({ status: 404 }));
    expect(await block(platform, KNOWN)).to.deep.equal({ outcome: 'gone' });
    expect(await unblock(platform)).to.deep.equal({ outcome: 'gone' });
  });

  it('is told by the body, of a platform that answers 200 to everything', async () => {
    const answer = {
      id: 'id',
      outcome: "error = 'FULL' ? 'taken' : error = 'NONE' ? 'gone' : ok ? 'done' : 'what'",
      done: [200, 400],
    };
    const told = async (status: number, body: object) => {
      const { platform } = serve({ answer }, () => ({ status, body }));
      const outcome = await Promise.resolve(unblock(platform)).then(
        (written) => written?.outcome,
        (error: Fault) => error.kind,
      );
      return outcome;
    };
    expect(await told(200, { ok: true })).to.equal('done');
    expect(await told(400, { error: 'FULL' })).to.equal('taken');
    expect(await told(200, { error: 'NONE' })).to.equal('gone');
    expect(await told(200, {})).to.equal('unsure');
  });

  it('declares what is described, and nothing else', () => {
    const { platform } = serve({}, () => MADE);
    expect(Object.keys(platform.operations).sort()).to.deep.equal(['block', 'unblock']);
    expect(platform.readBack).to.equal(undefined);
  });

  const found = (...given: readonly object[]) =>
    serve({}, () => ({ body: { rows: given } }), LOOKUP).platform.readBack?.('dr', MARK);
  const row = { id: 'a', doctor: 'dr', start: '2026-11-24T14:00:00Z', note: MARK };

  it('is looked for by our mark: all that carry it, and nothing that does not', async () => {
    expect(
      (await found(row, { ...row, id: 'b' }, { ...row, id: 'c', note: 'x' }))?.map((each) => each.externalId),
    ).to.deep.equal(['a', 'b']);
    const none = serve({}, () => ({ status: 404 }), LOOKUP).platform;
    expect(await none.readBack?.('dr', MARK)).to.deep.equal([]);
    const down = serve({}, () => ({ status: 500 }), LOOKUP).platform;
    expect((await faultOf(async () => down.readBack?.('dr', MARK))).kind).to.equal('unavailable');
  });

  it('is not said to be nowhere where what carries the mark cannot be read', async () => {
    const fault = await faultOf(async () => found({ ...row, start: 'soon' }));
    expect(`${fault.kind}: ${fault.message}`).to.equal(
      'malformed: a record that carries our mark cannot be read',
    );
  });
});

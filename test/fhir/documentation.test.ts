import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { CapabilityStatement } from 'fhir/r4.js';
import { DAY } from '../../src/domain/instant.ts';
import { packageRoot } from '../../src/system/package-root.ts';
import { compare, type Example, examplesOf, filled, type Known } from '../support/documented-examples.ts';
import { type ServedDemonstration, serveDemonstration } from '../support/served-demonstration.ts';

/** Where the pages have the gateway that `npm start` starts. */
const SHOWN_URL = 'http://127.0.0.1:8080';
/** Of an answer that is not as it is shown. */
const MOST_SHOWN = 4_000;
/** How much of a stream is read for what is shown of it. */
const MOST_CHUNKS = 20;

const PAGES = ['docs/fhir.md', 'docs/holds.md', 'docs/ihe-scheduling.md'].map((file) => ({
  file,
  examples: examplesOf(file, readFileSync(join(packageRoot, file), 'utf8')),
}));

describe('the examples of the documentation', function () {
  this.timeout(180_000);
  let served: ServedDemonstration;
  let token = '';
  before(async () => {
    served = await serveDemonstration();
    token = readFileSync(join(served.dataFolder, 'admin-token'), 'utf8').trim();
  });
  after(() => served?.close());

  const send = ({ request }: Example, known: Known): Promise<Response> => {
    const { method, target, headers, body } = request;
    const path = /^<[\w-]+>$/.test(target)
      ? filled(target, known)
      : filled(target, known, encodeURIComponent);
    const url = new URL(path.replace(SHOWN_URL, served.url), served.url);
    expect(url.origin, 'it leads elsewhere').to.equal(served.url);
    return fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'accept-language': 'en',
        ...(body === '' ? {} : { 'content-type': 'application/fhir+json' }),
        ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, filled(value, known)])),
      },
      ...(body === '' ? {} : { body: filled(body, known).replaceAll(SHOWN_URL, served.url) }),
    });
  };

  /** What is shown and what was answered, as one value each. */
  const sides = async (
    { answer }: Example,
    response: Response,
  ): Promise<[shown: unknown, found: unknown]> => {
    const body = answer.body.replaceAll(SHOWN_URL, served.url);
    const headers = Object.fromEntries(
      Object.entries(answer.headers).map(([name, value]) => [name, value.replaceAll(SHOWN_URL, served.url)]),
    );
    const type = response.headers.get('content-type') ?? '';
    const found = { status: response.status, headers: Object.fromEntries(response.headers) };
    const shown = { status: answer.status, headers };
    if (type.startsWith('text/event-stream')) {
      return [
        { ...shown, body: body.split('\n') },
        { ...found, body: (await beginning(response, body)).split('\n') },
      ];
    }
    const text = await response.text();
    if (body === '') return [shown, found];
    if (type.startsWith('application/fhir+ndjson')) {
      const lines = (ndjson: string): unknown[] =>
        ndjson
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line));
      return [
        { ...shown, body: lines(body) },
        { ...found, body: lines(text) },
      ];
    }
    return [
      { ...shown, body: JSON.parse(body) },
      { ...found, body: text === '' ? null : JSON.parse(text) },
    ];
  };

  for (const { file, examples } of PAGES) {
    describe(file, () => {
      // One that is wrong spoils those after it, which need what it shows: they are not run.
      let known: Known = new Map([
        ['tomorrow', new Date(Date.now() + DAY).toISOString().slice(0, 10)],
        ['day-after', new Date(Date.now() + 2 * DAY).toISOString().slice(0, 10)],
      ]);
      let isSpoiled = false;
      for (const example of examples) {
        const { method, target } = example.request;
        it(`${example.place} ${method} ${target}`, async function () {
          if (isSpoiled) this.skip();
          isSpoiled = true;
          const [shown, found] = await sides(example, await send(example, known));
          const compared = compare(shown, found, known);
          expect(compared.differences, JSON.stringify(found).slice(0, MOST_SHOWN)).to.deep.equal([]);
          known = compared.known;
          isSpoiled = false;
        });
      }
    });
  }

  it('use every operation that the metadata names', async () => {
    const response = await fetch(`${served.url}/fhir/metadata`);
    const { rest } = (await response.json()) as CapabilityStatement;
    const named = (rest ?? []).flatMap(({ operation = [], resource = [] }) => [
      ...operation.map(({ name }) => `/fhir/$${name}`),
      ...resource.flatMap((each) => (each.operation ?? []).map(({ name }) => `/fhir/${each.type}/$${name}`)),
    ]);
    const used = PAGES.flatMap(({ examples }) => examples.map(({ request }) => request.target));
    // The id is left out of what is called on one resource.
    const paths = used.map((target) =>
      target.replace(/\?.*/, '').replace(/^(\/fhir\/\w+)\/[^/]+(?=\/\$)/, '$1'),
    );
    expect(named.filter((name) => !paths.includes(name))).to.deep.equal([]);
  });
});

describe('the check of the examples bites', () => {
  const known: Known = new Map([['slot', 's-1']]);
  const rows: readonly (readonly [title: string, shown: unknown, found: unknown, differs: boolean])[] = [
    ['on another value', { status: 'free' }, { status: 'busy' }, true],
    ['on an element that is not there', { a: { b: 1 } }, { a: {} }, true],
    ['on a placeholder that is something else by now', 'Slot/<slot>', 'Slot/s-2', true],
    ['on a new placeholder that is two things', ['<a>', '<a>'], ['x', 'y'], true],
    ['on another order', [1, 2], [2, 1], true],
    ['on a text that goes on', 'Slot/s', 'Slot/s-1', true],
    ['not on what is left out', { a: [{ b: 'x…' }, 3] }, { a: [1, { b: 'x y', c: 2 }, 3], d: 4 }, false],
    [
      'not on the first that would do, if the next one does',
      [{ id: '<a>' }, '<a>'],
      [{ id: 1 }, { id: 'x' }, 'x'],
      false,
    ],
    ['not on a placeholder that stays the same', 'Slot/<slot>', 'Slot/s-1', false],
  ];
  for (const [title, shown, found, differs] of rows) {
    it(title, () => expect(compare(shown, found, known).differences.length > 0).to.equal(differs));
  }

  it('on a request that nobody would run', () => {
    expect(() => examplesOf('page.md', '```\nGET /fhir/Slot\n```\n')).to.throw('page.md:2');
    expect(() => examplesOf('page.md', '```http\nGET /fhir/Slot\n```\n')).to.throw('no answer');
    const wrong = '```http\nGET /fhir/Slot\n\nHTTP/1.1 200 Created\n```\n';
    expect(() => examplesOf('page.md', wrong)).to.throw('200 is OK');
  });
});

/** As much of a stream as has all lines that are shown. */
async function beginning(response: Response, shown: string): Promise<string> {
  const lines = shown.split('\n');
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (let chunk = 0; reader && chunk < MOST_CHUNKS; chunk += 1) {
      const { done, value } = await reader.read();
      text += decoder.decode(value, { stream: true });
      if (done || lines.every((line) => text.includes(line))) break;
    }
  } finally {
    await reader?.cancel();
  }
  return text;
}

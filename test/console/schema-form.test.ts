import { expect } from 'chai';
import {
  kindOf,
  mayWait,
  placeText,
  propertiesOf,
  type SchemaNode,
  wordsOf,
} from '../../console/src/form/schema.ts';
import { filledIn, isKept, isUnder, pathTo } from '../../console/src/form/value.ts';
import { jsonSchemaOf } from '../../src/config/schema-node.ts';
import { allAdapters } from '../config/adapters.ts';

/** The form that is made of the settings of every platform, without a page. */

const TEXT: SchemaNode = { type: 'string' };
const SECRET: SchemaNode = { type: 'string', writeOnly: true };
const DOCUMENTS: SchemaNode = {
  type: 'object',
  properties: {
    documents: {
      type: 'array',
      title: 'Documents',
      items: {
        type: 'object',
        properties: { url: { ...SECRET, title: 'Address', 'x-fr': { title: 'Adresse' } } },
      },
    },
    access: {
      oneOf: [
        { type: 'object', properties: { kind: { const: 'none' } }, required: ['kind'] },
        { type: 'object', properties: { kind: { const: 'basic' }, user: TEXT }, required: ['kind', 'user'] },
      ],
    },
    note: { anyOf: [TEXT, { type: 'null' }], default: null },
    days: { type: 'integer', default: 7 },
  },
  required: ['documents'],
};

/** Every part that a form has a control for, by its path. */
function* partsOf(node: SchemaNode, path = ''): Generator<readonly [path: string, node: SchemaNode]> {
  yield [path, node];
  const kind = kindOf(node);
  if (kind.kind === 'list' || kind.kind === 'map') yield* partsOf(kind.item, `${path}[]`);
  const groups =
    kind.kind === 'group' ? [kind.node] : kind.kind === 'variant' ? [...kind.variants.values()] : [];
  for (const group of groups) {
    for (const { key, node: inner } of propertiesOf(group)) yield* partsOf(inner, pathTo(path, key));
  }
}

describe('the form of a connection', () => {
  it('has a control for everything that the settings of any platform ask for', async () => {
    const parts = [...(await allAdapters()).values()].flatMap(({ manifest }) => {
      const schema = jsonSchemaOf(manifest.settings) as SchemaNode;
      return [...partsOf(schema)].map(
        ([path, node]) => [`${manifest.id} ${path}`, kindOf(node).kind] as const,
      );
    });
    expect(parts.filter(([, kind]) => kind === 'other')).to.deep.equal([]);
    const kinds = ['text', 'number', 'flag', 'choice', 'choices', 'list', 'map', 'group', 'variant'];
    expect([...new Set(parts.map(([, kind]) => kind))]).to.have.members(kinds);
  });

  it('knows addresses, secrets and texts of several lines', () => {
    expect(kindOf({ ...TEXT, format: 'uri' })).to.include({ input: 'url', isSecret: false });
    expect(kindOf({ anyOf: [SECRET, { type: 'null' }] })).to.include({ kind: 'text', isSecret: true });
    expect(kindOf({ ...SECRET, pattern: '-----BEGIN ' })).to.include({ isLong: true });
    expect(kindOf({ anyOf: [{ type: 'object' }, TEXT] })).to.deep.equal({ kind: 'other' });
  });

  it('asks first for what has to be said, and says it in the language of the page', () => {
    const later = propertiesOf(DOCUMENTS).filter(mayWait);
    expect(later.map(({ key }) => key)).to.deep.equal(['access', 'note', 'days']);
    const url = DOCUMENTS.properties?.['documents']?.items?.properties?.['url'] ?? {};
    expect(wordsOf(url, 'url', 'fr').label).to.equal('Adresse');
    expect(wordsOf(url, 'url', 'en').label).to.equal('Address');
    expect(wordsOf(TEXT, 'baseUrl', 'fr').label).to.equal('Base url');
    expect(placeText(DOCUMENTS, 'documents[1].url', 'fr')).to.equal('Documents 2 › Adresse');
    expect(placeText(DOCUMENTS, 'access.user', 'fr')).to.equal('Access › User');
  });

  it('leaves out what is empty, keeps what it has no field for, and trims what is no secret', () => {
    const filled = filledIn(DOCUMENTS, {
      documents: [{ url: ' secret ' }, { url: '' }],
      access: { kind: 'basic', user: ' x ' },
      note: '  ',
      unheardOf: 1,
    });
    expect(filled).to.deep.equal({
      documents: [{ url: ' secret ' }, {}],
      access: { kind: 'basic', user: 'x' },
      unheardOf: 1,
    });
    const map: SchemaNode = { type: 'object', additionalProperties: TEXT };
    expect(filledIn(map, { ' a ': 'b', '': 'c', d: '' })).to.deep.equal({ a: 'b' });
  });

  it('sends a secret back as it was shown, and null where it was removed', () => {
    const settings: SchemaNode = { type: 'object', properties: { key: SECRET, other: SECRET } };
    const kept = { key: { file: 'rvsq.apiKey.1' }, other: null };
    expect(filledIn(settings, kept)).to.deep.equal(kept);
    expect(isKept({ file: 'x' })).to.equal(true);
    expect(isKept({ file: 'x', more: 1 })).to.equal(false);
    expect(isKept('x')).to.equal(false);
  });

  it('finds what is wrong with a field by the path that the gateway names', () => {
    expect(pathTo(pathTo('settings', 'documents'), 0)).to.equal('settings.documents[0]');
    expect(isUnder('settings.documents[0].url', 'settings.documents')).to.equal(true);
    expect(isUnder('settings.documentsOf', 'settings.documents')).to.equal(false);
  });
});

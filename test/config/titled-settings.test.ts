import { expect } from 'chai';
import { configurationJsonSchema } from '../../src/config/json-schema.ts';
import { type JsonSchema, jsonSchemaOf } from '../../src/config/schema-node.ts';
import { allAdapters } from './adapters.ts';

/** What a form calls the settings of a platform, in both languages. */

type Said = { readonly path: string; readonly node: JsonSchema };

/** Every key that is named in a schema of settings, also of what is in lists and of alternatives. */
function keysIn(node: JsonSchema, path: string): readonly Said[] {
  const { properties = {}, items, additionalProperties: others, anyOf = [], oneOf = [] } = node;
  return [
    ...Object.entries(properties).flatMap(([key, inner]) => [
      { path: `${path}.${key}`, node: inner },
      ...keysIn(inner, `${path}.${key}`),
    ]),
    ...(items ? keysIn(items, `${path}[]`) : []),
    ...(typeof others === 'object' ? keysIn(others, `${path}.*`) : []),
    ...[...anyOf, ...oneOf].flatMap((each) => keysIn(each, path)),
  ];
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

/** What is missing of it, or is the English again where French has another word. */
function gapsOf({ path, node }: Said): readonly string[] {
  const french = node['x-fr'] as { readonly title?: unknown; readonly description?: unknown } | undefined;
  const gaps = [
    ...(isText(node['title']) ? [] : ['title']),
    ...(isText(node.description) ? [] : ['description']),
    ...(isText(french?.title) ? [] : ['x-fr.title']),
    ...(isText(french?.description) ? [] : ['x-fr.description']),
    ...(node.description === french?.description && node.description !== 'Secret'
      ? ['one text for both']
      : []),
  ];
  return gaps.map((gap) => `${path}: ${gap}`);
}

describe('the settings of each platform', () => {
  it('are called and explained in English and in French', async () => {
    const all = [...(await allAdapters()).values()].flatMap(({ manifest: { id, settings } }) =>
      keysIn(jsonSchemaOf(settings), id),
    );
    expect(all.length).to.be.greaterThan(100);
    expect(all.flatMap(gapsOf)).to.deep.equal([]);
  });

  it('are called so in the schema of the file too, where a text may be a reference', async () => {
    const { properties } = configurationJsonSchema(await allAdapters());
    const branches = properties?.['connections']?.items?.['allOf'] as readonly Record<string, JsonSchema>[];
    const rvsq = branches.find(({ if: when }) => when?.properties?.['platform']?.['const'] === 'rvsq');
    const key = rvsq?.['then']?.properties?.['settings']?.properties?.['apiKey'];
    expect(key).to.deep.include({
      title: 'API key',
      'x-fr': { title: 'Clé d’accès', description: 'Clé que la RAMQ a donnée à l’établissement' },
      writeOnly: true,
    });
    expect(key?.anyOf?.[0]).to.deep.equal({ type: 'string', minLength: 1 });
  });
});

import type { InstalledAdapter } from '../adapter/isolated.ts';
import { ConfigurationDocument } from './document.ts';
import { isMapping } from './raw.ts';
import { type JsonSchema, jsonSchemaOf } from './schema-node.ts';

const REFERENCES = [{ $ref: '#/definitions/environmentVariable' }, { $ref: '#/definitions/secretFile' }];

/**
 * The JSON Schema (draft 7) of the configuration file, for editors: `settings` depend on `platform`. It accepts no
 * less than `readConfiguration` does; ids that name nothing and time zones are checked only there.
 */
export function configurationJsonSchema(adapters: ReadonlyMap<string, InstalledAdapter>): JsonSchema {
  const document = jsonSchemaOf(ConfigurationDocument);
  const connection = document.properties?.['connections']?.items;
  if (connection?.properties === undefined) throw new Error('the document has no connections');
  const sorted = [...adapters.values()].sort((a, b) => (a.manifest.id < b.manifest.id ? -1 : 1));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...document,
    title: 'Passerelle configuration',
    properties: {
      ...document.properties,
      connections: {
        ...document.properties?.['connections'],
        items: {
          ...connection,
          properties: {
            ...connection.properties,
            platform: {
              ...connection.properties['platform'],
              oneOf: sorted.map(({ manifest }) => ({ const: manifest.id, title: manifest.title.en })),
            },
          },
          allOf: sorted.map(({ manifest }) => settingsWherePlatformIs(manifest)),
        },
      },
    },
    definitions: {
      environmentVariable: reference(
        'env',
        'the text of an environment variable, so that no secret stands in the file',
        'name of the variable',
      ),
      secretFile: reference(
        'file',
        'the text of a file, so that no secret stands in this one',
        'name of a file under $PASSERELLE_DATA/secrets, or its absolute path',
      ),
    },
  };
}

function reference(key: 'env' | 'file', description: string, name: string): JsonSchema {
  return {
    type: 'object',
    description,
    properties: { [key]: { type: 'string', description: name } },
    required: [key],
    additionalProperties: false,
  };
}

const settingsWherePlatformIs = ({ id, settings }: InstalledAdapter['manifest']): JsonSchema =>
  // By entries: an object written with a key `then` would read as a promise.
  Object.fromEntries([
    ['if', { properties: { platform: { const: id } }, required: ['platform'] }],
    ['then', settingsOf(settings)],
  ]);

function settingsOf(settings: InstalledAdapter['manifest']['settings']): JsonSchema {
  const schema = jsonSchemaOf(settings);
  const required = Array.isArray(schema['required']) && schema['required'].length > 0;
  return {
    properties: { settings: withVariables(schema) as JsonSchema },
    ...(required ? { required: ['settings'] } : {}),
  };
}

/** What is said of the setting, and not of its text. */
const OF_THE_SETTING: ReadonlySet<string> = new Set(['title', 'description', 'x-fr', 'writeOnly']);

/** Every text may instead come from the environment or a file; what tells alternatives apart (`const`) stays as it is. */
function withVariables(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withVariables);
  if (!isMapping(node)) return node;
  if (node['type'] === 'string' && node['const'] === undefined) {
    const said = Object.entries(node).filter(([key]) => OF_THE_SETTING.has(key));
    const text = Object.entries(node).filter(([key]) => !OF_THE_SETTING.has(key));
    return { ...Object.fromEntries(said), anyOf: [Object.fromEntries(text), ...REFERENCES] };
  }
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, key === 'propertyNames' ? value : withVariables(value)]),
  );
}

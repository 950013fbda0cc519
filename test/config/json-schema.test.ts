import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { configurationJsonSchema } from '../../src/config/json-schema.ts';
import { allAdapters } from './adapters.ts';
import { ADAPTERS } from './sample.ts';

describe('JSON Schema of the configuration', () => {
  const schema = JSON.parse(JSON.stringify(configurationJsonSchema(ADAPTERS)));
  const connection = schema.properties.connections.items;

  it('knows the platforms', () => {
    expect(connection.properties.platform.oneOf.map((each: { const: string }) => each.const)).to.deep.equal([
      'east',
      'west',
    ]);
  });

  it('has the settings of each platform, where any text may come from the environment or a file', () => {
    const [east, west] = connection.allOf;
    expect(east.if.properties.platform.const).to.equal('east');
    expect(east.then.required).to.deep.equal(['settings']);
    const { settings } = east.then.properties;
    expect(settings.additionalProperties).to.equal(false);
    expect(settings.required).to.deep.equal(['url', 'token']);
    expect(settings.properties.token).to.deep.equal({
      description: 'the key',
      anyOf: [
        { type: 'string', minLength: 8 },
        { $ref: '#/definitions/environmentVariable' },
        { $ref: '#/definitions/secretFile' },
      ],
    });
    expect(settings.properties.retries.type).to.equal('integer');
    expect(west.then).not.to.have.property('required');
  });

  it('is closed wherever the configuration is', () => {
    expect(schema.additionalProperties).to.equal(false);
    expect(connection.additionalProperties).to.equal(false);
    expect(connection.required).to.deep.equal(['id', 'platform', 'calendars']);
  });

  it('is in docs/ as the adapters now are (npm run schema writes it)', async () => {
    const file = new URL('../../docs/passerelle.schema.json', import.meta.url);
    const committed = JSON.parse(await readFile(file, 'utf8'));
    expect(committed).to.deep.equal(JSON.parse(JSON.stringify(configurationJsonSchema(await allAdapters()))));
  });
});

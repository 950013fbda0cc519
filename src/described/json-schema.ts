import { type JsonSchema, jsonSchemaOf } from '../config/schema-node.ts';
import { DescriptionShape } from './description.ts';

/** The JSON Schema (draft 7) of descriptions, for editors. What contradicts itself is told of as one is loaded. */
export const descriptionJsonSchema = (): JsonSchema => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  ...jsonSchemaOf(DescriptionShape, { reused: 'ref' }),
  title: 'Passerelle adapter',
});

/** Adapters that are described rather than written: YAML in, what `defineAdapter` gives out (docs/low-code.md). */

export { adapterOf } from './adapter.ts';
export { type Description, DescriptionShape } from './description.ts';
export { describedAdapter, readDescriptionFile } from './file.ts';
export { descriptionJsonSchema } from './json-schema.ts';
export { DescriptionError, readDescription } from './read-description.ts';
export { tablesIn } from './tables.ts';

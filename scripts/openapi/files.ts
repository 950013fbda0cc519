import { createRequire, Module } from 'node:module';
import { ts } from '@ts-morph/common';
import { openApiDocument } from '../../src/server/contract/document.ts';

/** What `npm run openapi` writes, by path from the root of the repository. */
export async function openApiFiles(): Promise<ReadonlyMap<string, string>> {
  const document = openApiDocument();
  return new Map([
    ['docs/openapi.json', `${JSON.stringify(document, null, 2)}\n`],
    ['console/src/api/schema.d.ts', `${HEAD}${await typesOf(JSON.stringify(document))}`],
  ]);
}

const HEAD =
  '/** The admin API as types. Written by npm run openapi: change src/server/contract/, and run it. */\n\n';

async function typesOf(document: string): Promise<string> {
  const { default: openapiTS, astToString } = openApiTypescript();
  return astToString(await openapiTS(document));
}

/**
 * It writes by the compiler's API in JavaScript, which TypeScript has no more since version 7: it is given the one that
 * ts-morph carries, under the name by which it asks for it.
 */
function openApiTypescript(): typeof import('openapi-typescript') {
  const require = createRequire(import.meta.url);
  const path = require.resolve('openapi-typescript');
  const asked = createRequire(path).resolve('typescript');
  const compiler = new Module(asked);
  compiler.exports = ts;
  compiler.loaded = true;
  require.cache[asked] = compiler;
  return require('openapi-typescript') as typeof import('openapi-typescript');
}

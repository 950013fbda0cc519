import type { After } from '../engine/ports/front.ts';
import { type Issue, type IssueCode, warning } from './outcomes.ts';
import { type Context, nextPage, type Search } from './search.ts';

/** A searchset as text: its entries are texts already, and are put together without being parsed. */

export type Entry = { readonly path: string; readonly resource: string; readonly mode: 'match' | 'include' };

export type Results = {
  /** `Slot`, below the base URL. */
  readonly type: string;
  readonly context: Context;
  readonly used: Search<unknown>['used'];
  /** The last row when there are more, else null. */
  readonly next: After | null;
  readonly total: number | null;
  readonly entries: readonly Entry[];
  readonly warnings: readonly (Issue & { readonly code: IssueCode })[];
};

export function searchset(results: Results): string {
  const { type, context, used, next, total, entries, warnings } = results;
  const { base, language } = context;
  let links = link('self', `${base}/${type}`, used);
  if (next) links += `,${link('next', `${base}/${type}`, nextPage(used, next))}`;
  let list = '';
  for (const entry of entries) {
    if (list !== '') list += ',';
    list += `{"fullUrl":"${base}/${entry.path}","resource":${entry.resource},"search":{"mode":"${entry.mode}"}}`;
  }
  for (const issue of warnings) {
    if (list !== '') list += ',';
    list += `{"resource":${JSON.stringify(warning(issue, language))},"search":{"mode":"outcome"}}`;
  }
  const count = total === null ? '' : `"total":${total},`;
  // FHIR JSON has no empty arrays (R4, json.html, 2.6.2).
  const entry = list === '' ? '' : `,"entry":[${list}]`;
  return `{"resourceType":"Bundle","type":"searchset",${count}"link":[${links}]${entry}}`;
}

export function link(relation: 'self' | 'next', url: string, parameters: Search<unknown>['used']): string {
  let query = '';
  for (const [name, value] of parameters) {
    query += `${query === '' ? '?' : '&'}${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  }
  return `{"relation":"${relation}","url":${JSON.stringify(url + query)}}`;
}

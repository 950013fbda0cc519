import type { Path } from '../config/problems.ts';
import type { Description } from './description.ts';
import type { Body, Expression, Request, Template } from './syntax.ts';
import type { Uses } from './syntax-tree.ts';

/** Every template of a description, with the names that there are where it stands (docs/low-code.md has them in a table). */

export type Use = { readonly path: Path; readonly uses: Uses; readonly known: readonly string[] };

const COMMAND = ['settings', 'calendar', 'mark'];
const TIME = ['start', 'end', 'minutes'];

/** What each write may say of its command, besides that. */
const OF_COMMAND = {
  publish: [...TIME, 'attributes'],
  withdraw: ['known'],
  block: TIME,
  unblock: ['known'],
  hold: [...TIME, 'slot', 'expiresAt'],
  release: ['known'],
  book: [...TIME, 'slot', 'patient'],
  cancel: ['known'],
  move: [...TIME, 'slot', 'known'],
} as const;
export const OPERATIONS = Object.keys(OF_COMMAND) as readonly (keyof typeof OF_COMMAND)[];

/** A request, and the names that there are in it. */
export type Requested = { readonly path: Path; readonly request: Request; readonly known: readonly string[] };

export function requestsOf({ check, read, lookup, write }: Description): readonly Requested[] {
  const reading = ['settings', 'window', ...(read.per === 'calendar' ? ['calendar'] : [])];
  const changes: Path = ['read', 'changes'];
  return [
    { path: ['check', 'request'], request: check.request, known: ['settings'] },
    ...read.lists.map(
      ({ request }, at): Requested => ({ path: ['read', 'lists', at, 'request'], request, known: reading }),
    ),
    ...(read.changes
      ? [
          { path: [...changes, 'start', 'request'], request: read.changes.start.request, known: reading },
          { path: [...changes, 'request'], request: read.changes.request, known: [...reading, 'cursor'] },
        ]
      : []),
    ...(lookup ? [{ path: ['lookup', 'request'], request: lookup.request, known: COMMAND }] : []),
    ...OPERATIONS.flatMap((name) => ofWrite(name, write)),
  ];
}

function ofWrite(name: keyof typeof OF_COMMAND, write: Description['write']): Requested[] {
  const operation = write?.[name];
  if (!operation) return [];
  const path: Path = ['write', name];
  const known = [...COMMAND, ...OF_COMMAND[name]];
  const change = 'change' in operation ? operation.change : undefined;
  const fromHold = 'fromHold' in operation ? operation.fromHold : undefined;
  return [
    { path: [...path, 'request'], request: operation.request, known },
    ...(change ? [{ path: [...path, 'change'], request: change, known: [...known, 'known'] }] : []),
    ...(fromHold ? [{ path: [...path, 'fromHold'], request: fromHold, known: [...known, 'hold'] }] : []),
  ];
}

export function usesOf(description: Description): readonly Use[] {
  const { authentication, headers, write } = description;
  const one = (path: Path, template: Template | undefined, known: readonly string[]): Use[] =>
    template ? [{ path, uses: template.uses, known }] : [];
  return [
    ...ofTexts(['headers'], headers, ['settings']),
    ...(authentication?.type === 'basic'
      ? one(['authentication', 'user'], authentication.user, ['settings'])
      : []),
    ...(authentication?.type === 'oauth2'
      ? one(['authentication', 'clientId'], authentication.clientId, ['settings'])
      : []),
    ...one(['write', 'condition', 'value'], write?.condition?.value, [...COMMAND, 'known']),
    ...requestsOf(description).flatMap(({ path, request, known }) => [
      ...one([...path, 'path'], request.path, known),
      ...ofTexts([...path, 'query'], request.query, known),
      ...ofTexts([...path, 'headers'], request.headers, known),
      ...ofTexts([...path, 'form'], request.form ?? {}, known),
      ...(request.body === undefined ? [] : ofBody([...path, 'body'], request.body, known)),
    ]),
  ];
}

const ofTexts = (path: Path, texts: Readonly<Record<string, Template>>, known: readonly string[]): Use[] =>
  Object.entries(texts).map(([key, { uses }]) => ({ path: [...path, key], uses, known }));

function ofBody(path: Path, body: Body, known: readonly string[]): Use[] {
  if (typeof body !== 'object' || body === null) return [];
  if (isTemplate(body)) return [{ path, uses: body.uses, known }];
  const inner: readonly [string | number, Body][] = isList(body) ? [...body.entries()] : Object.entries(body);
  return inner.flatMap(([key, each]) => ofBody([...path, key], each, known));
}

/** Every expression by which answers are read, wherever it stands. */
export function expressionsIn(
  value: unknown,
  path: Path = [],
): readonly { readonly path: Path; readonly uses: Uses }[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('evaluate' in value && typeof value.evaluate === 'function')
    return [{ path, uses: (value as Expression).uses }];
  const inner: readonly [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return inner.flatMap(([key, each]) => expressionsIn(each, [...path, key]));
}

/** A list has a `fill` of its own, and a mapping may have a key of that name. */
export const isTemplate = (body: Body): body is Template =>
  typeof body === 'object' && body !== null && !isList(body) && typeof body['fill'] === 'function';

export const isList = (body: Body): body is readonly Body[] => Array.isArray(body);

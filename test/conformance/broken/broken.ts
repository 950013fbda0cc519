import axios, { type InternalAxiosRequestConfig } from 'axios';
import { simulator as vendor } from '../../../adapters/bonjour-sante/conformance.ts';
import { simulator as hinting } from '../../../adapters/cal-com/conformance.ts';
import { emrTarget as telling } from '../../../adapters/hl7v2-siu/bench/target.ts';
import { screenTarget as listed } from '../../../adapters/manual/bench/target.ts';
import { rosterTarget } from '../../../adapters/roster/conformance.ts';
import { simulator as establishment } from '../../../adapters/rvsq/conformance.ts';
import {
  type Adapter,
  type Connect,
  defineAdapter,
  type OperationName,
  type Operations,
  type Platform,
  type Written,
} from '../../../src/adapter/contract.ts';
import { Fault, isFault } from '../../../src/adapter/faults.ts';
import type { Observation, Page } from '../../../src/adapter/observation.ts';
import type { Making } from '../../../src/conformance/commands.ts';
import { simulatorTarget } from '../../../src/conformance/simulator-target.ts';
import type { PlatformTarget } from '../../../src/conformance/target.ts';

/** How to spoil an adapter in one way, as somebody who integrates a platform might write it. */

/**
 * All are right. `vendor` reads whole, knows a key and tells of changes; `establishment` reads by cursor and is searched by
 * our mark; `hinting` says only that something changed, and signs it; `telling` cannot be asked; `listed` is
 * looked after by a person; `roster` has shifts.
 */
export const RIGHT = {
  vendor: simulatorTarget(vendor),
  establishment: simulatorTarget(establishment),
  hinting: simulatorTarget(hinting),
  telling,
  listed,
  roster: rosterTarget('json'),
} as const satisfies Record<string, PlatformTarget>;
export type Right = keyof typeof RIGHT;

export type Broken = {
  /** Ends the sentence «an adapter that …». */
  readonly wrong: string;
  /** The cases that fail it. */
  readonly caught: readonly string[];
  readonly right: Right;
  readonly adapter: Adapter;
};

/** What is put in place of the right adapter's own. */
export type Spoil = (platform: Platform, options: Connect<never>) => Partial<Platform>;

export const broken = (
  wrong: string,
  caught: string | readonly string[],
  spoil: Spoil,
  right: Right = 'vendor',
): Broken => ({
  wrong,
  caught: [caught].flat(),
  right,
  adapter: connecting(right, (connect, options) => {
    const platform = connect(options);
    return { ...platform, ...spoil(platform, options) };
  }),
});

/** Wrong in what it sends. */
export const brokenOnTheWire = (
  wrong: string,
  caught: string | readonly string[],
  /** Changes the request. One function for each connection, so it may remember. */
  changing: () => (request: InternalAxiosRequestConfig<string>) => void,
): Broken => ({
  wrong,
  caught: [caught].flat(),
  right: 'vendor',
  adapter: onTheWire(changing),
});

export function onTheWire(changing: () => (request: InternalAxiosRequestConfig<string>) => void): Adapter {
  const send = axios.getAdapter('http');
  return connecting('vendor', (connect, options) => {
    const change = changing();
    return connect({
      ...options,
      transport: (request) => {
        change(request);
        return send(request);
      },
    });
  });
}

export function connecting(
  right: Right,
  open: (connect: (options: Connect<never>) => Platform, options: Connect<never>) => Platform,
): Adapter {
  const { manifest, connect } = RIGHT[right].adapter;
  return defineAdapter({ manifest, connect: (options) => open(connect, options as Connect<never>) });
}

export const pages =
  (change: (page: Page, options: Connect<never>) => Page): Spoil =>
  (platform, options) => ({
    read: async function* (request) {
      for await (const page of platform.read(request)) yield change(page, options);
    },
  });

/** A reading to its end, before any of it is given. */
export async function allOf(reading: AsyncIterable<Page>): Promise<Page[]> {
  const all: Page[] = [];
  for await (const page of reading) all.push(page);
  return all;
}

type Rows = Extract<Page, { kind: 'rows' }>;
export const rowPages = (change: (page: Rows) => Rows): Spoil =>
  pages((page) => (page.kind === 'rows' ? change(page) : page));

/** @param change null leaves the row out. */
export const rows = (change: (row: Observation, options: Connect<never>) => Observation | null): Spoil =>
  pages((page, options) =>
    page.kind === 'rows'
      ? { ...page, rows: page.rows.map((row) => change(row, options)).filter((row) => row !== null) }
      : page,
  );

/** Of adapters whose writes are done and not asked. */
type Done = {
  readonly [Name in OperationName]: (
    command: Parameters<Operations[Name]>[0],
  ) => Promise<Exclude<Awaited<ReturnType<Operations[Name]>>, { outcome: 'asked' }>>;
};

/** One operation in another way. The rest of the platform is at hand. */
export const doing =
  <Name extends OperationName>(
    name: Name,
    change: (right: Done[Name], operations: Done) => Operations[Name],
  ): Spoil =>
  (platform) => {
    const operations = platform.operations as Done;
    return { operations: { ...operations, [name]: change(operations[name], operations) } };
  };

type Command = { readonly [Name in Making]: Parameters<Operations[Name]>[0] }[Making];
type Make = (command: Command) => Promise<Written>;

/** One of the commands that make something, whichever. */
export const makingBy = (name: Making, change: (right: Make) => Make): Spoil =>
  doing(name, (right) => change(right as Make) as typeof right);

/** What the platform answered becomes something else. */
export const mistaking =
  (name: OperationName, outcome: Written['outcome'], instead: Written): Spoil =>
  ({ operations }) => {
    const right = operations[name] as (command: unknown) => Promise<Written>;
    const mistaken = async (command: unknown): Promise<Written> => {
      const answer = await right(command);
      return answer.outcome === outcome ? instead : answer;
    };
    return { operations: { ...operations, [name]: mistaken } };
  };

/** What is thrown of those kinds becomes something else. */
export async function recast<T>(
  call: Promise<T>,
  kinds: readonly Fault['kind'][] | null,
  instead: (fault: Fault) => T,
): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (isFault(error) && (kinds === null || kinds.includes(error.kind))) return instead(error);
    throw error;
  }
}

/** The same fault of another kind. */
export function rethrow(kind: Fault['kind']): (fault: Fault) => never {
  return ({ message, retryAfterMilliseconds }) => {
    throw new Fault(kind, message, retryAfterMilliseconds === null ? {} : { retryAfterMilliseconds });
  };
}

export const DONE = { outcome: 'done', externalId: 'made-up-0', revision: '1', sequence: 1 } as const;

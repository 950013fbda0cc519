import type { Subscription } from '../engine/ports/subscriptions.ts';
import type { Parameter, SearchTable } from './search.ts';
import { alternatives, codes, idParameter } from './values.ts';

/** How subscriptions are found. They are few, so all of them are looked at. */

export type SubscriptionFilter = {
  readonly ids: readonly string[] | null;
  readonly tests: readonly ((subscription: Subscription) => boolean)[];
};

const and = (
  filter: SubscriptionFilter,
  test: (subscription: Subscription) => boolean,
): SubscriptionFilter => ({
  ...filter,
  tests: [...filter.tests, test],
});

const STATUSES: readonly Subscription['status'][] = ['requested', 'active', 'error', 'off'];
/** What R4 has; there is only the first. */
const TYPES = ['rest-hook', 'websocket', 'email', 'sms', 'message'] as const;

const FILTERS: readonly Parameter<SubscriptionFilter>[] = [
  idParameter(),
  {
    name: 'status',
    type: 'token',
    documentation: 'Comma = or.',
    narrow: (filter, value) => {
      const wanted = codes(value, STATUSES);
      return and(filter, ({ status }) => wanted.includes(status));
    },
  },
  {
    name: 'type',
    type: 'token',
    documentation: 'Of the channel: always rest-hook.',
    narrow: (filter, value) => {
      const wanted = codes(value, TYPES);
      return and(filter, () => wanted.includes('rest-hook'));
    },
  },
  {
    name: 'payload',
    type: 'token',
    documentation: 'The media type of the notifications; comma = or.',
    narrow: (filter, value) => {
      const wanted = alternatives(value);
      return and(filter, ({ payload }) => payload !== null && wanted.includes(payload));
    },
  },
  {
    name: 'url',
    type: 'uri',
    documentation: 'The endpoint, whole; comma = or.',
    narrow: (filter, value) => {
      const wanted = [value, ...alternatives(value)];
      return and(filter, ({ endpoint }) => wanted.includes(endpoint));
    },
  },
  {
    name: 'criteria',
    type: 'string',
    documentation: 'How the criteria begin, without case.',
    narrow: (filter, value) => {
      const beginning = value.toLowerCase();
      return and(filter, ({ criteria }) => criteria.toLowerCase().startsWith(beginning));
    },
  },
];

export const SUBSCRIPTION_TABLE: SearchTable<SubscriptionFilter> = {
  everything: { ids: null, tests: [] },
  filters: FILTERS,
  sorts: ['_id'],
  includes: [],
  revincludes: [],
};

/** @param all in the order of their ids. */
export const matching = (
  { ids, tests }: SubscriptionFilter,
  all: readonly Subscription[],
): readonly Subscription[] =>
  all.filter((each) => (ids === null || ids.includes(each.id)) && tests.every((test) => test(each)));

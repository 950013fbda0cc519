import type { Queryable } from './database.ts';

type Statement = (on: Queryable, ...rest: never[]) => unknown;
type Bound<T extends Record<string, Statement>> = {
  [Name in keyof T]: T[Name] extends (on: Queryable, ...rest: infer Rest) => infer Result
    ? (...rest: Rest) => Result
    : never;
};

/** Gives every statement its connection. */
export function bind<T extends Record<string, Statement>>(on: Queryable, statements: T): Bound<T> {
  const bound = Object.entries(statements).map(([name, statement]) => [
    name,
    (...rest: never[]) => statement(on, ...rest),
  ]);
  return Object.fromEntries(bound) as Bound<T>;
}

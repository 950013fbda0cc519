import type { OperationDefinitionParameter } from 'fhir/r4.js';
import { CANONICAL } from '../../mappings/fhir/canonical.ts';
import type { Need } from '../domain/access.ts';
import type { Bilingual } from '../domain/schedule.ts';
import type { Answer } from './answer.ts';
import type { Context } from './search.ts';

/**
 * An operation as this front offers it (R4, operations.html), by its name without the dollar: what the router calls,
 * and what the capability statement and the OperationDefinition are written from. At which levels it is called is told
 * by which of its three handlers are there.
 */
export type Operation = {
  readonly documentation: Bilingual;
  /** Canonical URL of the definition that it is an implementation of (HL7's, IHE's); null = it is our own. */
  readonly base: string | null;
  /** What changes nothing may be called by GET as well, with the simple parameters in the query. */
  readonly affectsState: boolean;
  /** What who calls it must be allowed, all of it. */
  readonly needs: readonly Need[];
  readonly parameters: readonly OperationParameter[];
  /** `/$name`; the table that it is in is the front's. `beside` = it is answered before anything comes to the router. */
  readonly system?: ((input: OperationInput) => Promise<Answer>) | 'beside';
  /** `/Type/$name` */
  readonly type?: (input: OperationInput) => Promise<Answer>;
  /** `/Type/id/$name` */
  readonly instance?: (id: string, input: OperationInput) => Promise<Answer>;
};

export type Operations = Readonly<Record<string, Operation>>;

/** The id, below its type, of the definition of an operation. @param type null = on no type in particular. */
export const operationId = (type: string | null, name: string): string =>
  type === null ? name : `${type}-${name}`;

export const operationUrl = (type: string | null, name: string): string =>
  `${CANONICAL}/OperationDefinition/${operationId(type, name)}`;

/** OperationDefinition.parameter: of one type, or of parts. */
export type OperationParameter = {
  readonly name: string;
  readonly use: 'in' | 'out';
  readonly min: number;
  readonly max: number | '*';
  readonly documentation: Bilingual;
} & (
  | { readonly type: NonNullable<OperationDefinitionParameter['type']> }
  | { readonly parts: readonly OperationParameter[] }
);

export type OperationInput = {
  /**
   * R4 Parameters, whichever way they came: as the body, in the query, or as the one resource that is meant by them.
   * Undefined = there are none. Nobody has checked it yet.
   */
  readonly body: unknown;
  readonly context: Context;
};

import type { FhirResource } from 'fhir/r4.js';
import type { Bilingual } from '../domain/schedule.ts';
import type { ConfiguredResource } from '../engine/ports/versions.ts';
import type { Answer } from './answer.ts';
import type { Operations } from './operation.ts';
import type { Context, Parameter } from './search.ts';

/** One resource type as this front offers it: what the router serves and the capability statement declares. */
export type Resource = {
  readonly type: FhirResource['resourceType'];
  readonly documentation: string;
  readonly parameters: readonly Omit<Parameter<never>, 'narrow' | 'refer'>[];
  readonly includes: readonly string[];
  readonly revincludes: readonly string[];
  /** References to this type by which reverse chains lead to it, as `Slot:schedule`; left out = none do. */
  readonly has?: readonly string[];
  /** Paths that those which are found refer to by this parameter, as `Schedule/x`; left out = it is in no reverse chain. */
  readonly referring?: (parameter: string, request: SearchRequest) => Promise<readonly string[]>;
  readonly versioned: boolean;
  /** Canonical URL of the StructureDefinition that all of them conform to. */
  readonly profile?: string;
  /** They describe this server and hold nothing of a clinic: whoever may ask at all sees them. */
  readonly isDescription?: true;
  readonly read: (id: string, request: SearchRequest) => Promise<Answer>;
  readonly search: (request: SearchRequest) => Promise<Answer>;
  /** Former versions, and what is gone; left out = none are kept. */
  readonly versions?: Versions;
  /** Of a type that follows from the configuration: what its latest versions are to be. */
  readonly configured?: readonly ConfiguredResource[];
  /** @param ifNoneExist the search that must find nothing; null = none, and always so without `conditionalCreate`. */
  readonly create?: (body: unknown, context: Context, ifNoneExist: string | null) => Promise<Answer>;
  readonly conditionalCreate?: true;
  readonly update?: (request: UpdateRequest) => Promise<Answer>;
  /** Its body is a JSON Patch (RFC 6902). */
  readonly patch?: (request: UpdateRequest) => Promise<Answer>;
  readonly delete?: (id: string, context: Context) => Promise<Answer>;
  /** Several writes in one transaction: an answer for each, or else it throws and none is done. */
  readonly together?: (writes: readonly Write[]) => Promise<readonly Answer[]>;
  /** What to do in place of an interaction that it does not offer. */
  readonly instead?: Bilingual;
  /** On the type, or on one resource of it. */
  readonly operations?: Operations;
};

/** `place`: FHIRPath of its body, in the Bundle that it came in. */
export type Write = { readonly place: string } & (
  | { readonly kind: 'create'; readonly body: unknown }
  | ({ readonly kind: 'update' } & Omit<UpdateRequest, 'context'>)
  | { readonly kind: 'delete'; readonly id: string }
);

export type Versions = {
  readonly vread: (id: string, version: string) => Promise<Answer>;
  /** @param id null = of all resources of the type. */
  readonly history: (id: string | null, request: SearchRequest) => Promise<Answer>;
};

export type SearchRequest = {
  readonly parameters: readonly (readonly [string, string])[];
  /** Only of these, by what reverse chains left; null or left out = of all. */
  readonly ids?: readonly string[] | null;
  readonly context: Context;
  /** Refuse what is not known instead of ignoring it (R4, search.html, 3.1.1.1.1). */
  readonly strict: boolean;
};

export type UpdateRequest = {
  readonly id: string;
  readonly body: unknown;
  /** The version that it is meant for: only if it is still that one. Null = whichever it is. */
  readonly ifVersion: number | null;
  readonly context: Context;
};

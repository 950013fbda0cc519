import type { z } from 'zod';
import type { Duty } from '../../domain/access.ts';
import type { Bilingual } from '../../domain/schedule.ts';

/** What a route of ours takes and answers, said once: what serves it is typed by it, and openapi.json is made of it. */

export const TAGS = {
  health: 'Whether the gateway runs and can be relied on.',
  connections: 'The platforms: how they are, what was set aside, and to read one now.',
  agendas: 'The time of practitioners: what is on offer, and what is taken.',
  conflicts: 'Two bookings of one time, and how they are settled.',
  tasks: 'What persons are asked to do at platforms that no program can write to.',
  contingency: 'When a platform or the database is down: what waits, and a sheet to go on with on paper.',
  rosters: 'Shifts that are published, beside what is on offer and booked.',
  policies: 'The rules of each schedule, and what the last days would have been under others.',
  events: 'Slots and appointments as they change.',
  access: 'Who signs in, and tokens.',
  privacy: 'Persons, the audit log, and the register of incidents.',
  configuration: 'The configuration file: what it says, and changes of it.',
  upkeep: 'Keys and backups.',
  webhooks: 'Deliveries of platforms.',
} as const;

export type Answer = {
  readonly mediaType: string;
  /** Of NDJSON: of each line. */
  readonly schema: z.ZodType;
  readonly description: string;
};

export type JsonBody = {
  readonly schema: z.ZodType;
  /** What is said of a key that is not taken. */
  readonly otherKeys: Bilingual;
  /** Left out = what any body may have (`readBody`). */
  readonly bytesMax?: number;
};

export type Route = {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As Express takes it: `/api/tasks/:id`. */
  readonly path: string;
  /** The operationId: a name by which generated clients call it. */
  readonly id: string;
  readonly tag: keyof typeof TAGS;
  readonly summary: string;
  readonly description?: string;
  /** Who may: anybody, whoever has said who they are, who is signed in, or who has a duty (docs/access.md). */
  readonly access: 'anybody' | 'caller' | 'session' | Duty;
  /** Of the whole process: only who sees all organizations. */
  readonly ofAll?: true;
  /** What each name in the path is. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: z.ZodObject;
  readonly body?: JsonBody;
  /** By status. What is refused is an OperationOutcome, and is not said here. */
  readonly answers: Readonly<Record<number, Answer>>;
};

/** Keeps the literal types of what is declared. */
export const route = <const R extends Route>(declared: R): R => declared;

/** Null = it takes none. */
export const dutyOf = ({ access }: Pick<Route, 'access'>): Duty | null =>
  access === 'anybody' || access === 'caller' || access === 'session' ? null : access;

const answer =
  (mediaType: string) =>
  <S extends z.ZodType>(schema: S, description: string) => ({ mediaType, schema, description });

export const json = answer('application/json');
/** One JSON text a line. */
export const ndjson = answer('application/x-ndjson');
export const eventStream = answer('text/event-stream');

export const other = <S extends z.ZodType>(mediaType: string, schema: S, description: string) =>
  answer(mediaType)(schema, description);

/** What an answer may be made of: nobody changes it any more. */
type Lasting<T> = T extends readonly (infer Item)[]
  ? readonly Lasting<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Lasting<T[Key]> }
    : T;

/** What is shown, by the schema that says what it is. */
export type Shown<S extends z.ZodType> = Lasting<z.input<S>>;

/** Takes one of the answers that the route declares. */
export type Say<R extends Route, Result> = <Status extends keyof R['answers'] & number>(
  status: Status,
  body: Shown<R['answers'][Status]['schema']>,
) => Result;

export type QueryOf<R extends Route> = R['query'] extends z.ZodObject ? z.output<R['query']> : never;
export type BodyOf<R extends Route> = R['body'] extends JsonBody ? z.output<R['body']['schema']> : never;
export type ParamsOf<R extends Route> = Readonly<Record<keyof R['params'] & string, string>>;

import { formatInstant, instant } from '../domain/instant.ts';
import type { Bilingual } from '../domain/schedule.ts';
import type { VersionKey, VersionQuery } from '../engine/ports/versions.ts';
import { type Answer, ok } from './answer.ts';
import { link } from './bundle.ts';
import { ALWAYS, historyReader, nextHistoryPage } from './history-parameters.ts';
import { Refused } from './outcomes.ts';
import type { Resource, SearchRequest } from './resource.ts';

/** Versions of a resource, and a resource that is gone (R4, http.html#vread, #history). */

/** A version as JSON text; null = with it the resource was gone. */
export type ServedVersion = VersionKey & { readonly text: string | null };

export type VersionSource = {
  /** Whether it can be an id of this type: of nothing else is the store asked. */
  readonly isId: (id: string) => boolean;
  readonly find: (query: VersionQuery) => Promise<readonly ServedVersion[]>;
  readonly count: (query: VersionQuery) => Promise<number>;
};

export type History = NonNullable<Resource['versions']> & {
  /** Why no resource has this id: it is gone, or there never was one, which `never` says. */
  readonly missing: (id: string, never: Bilingual) => Promise<Refused>;
};

type Type = Resource['type'];

const VERSION = /^[1-9]\d{0,8}$/;

export function historyOf(type: Type, source: VersionSource): History {
  const readOfOne = historyReader('one', source.isId);
  const readOfAll = historyReader('all', source.isId);

  /** @param version null = the latest. */
  async function one(id: string, version: number | null): Promise<ServedVersion | undefined> {
    if (!source.isId(id)) return undefined;
    const of = { id, version, at: ALWAYS };
    return (await source.find({ of, sinceMs: null, after: null, limit: 1 }))[0];
  }

  async function missing(id: string, never: Bilingual): Promise<Refused> {
    const found = await one(id, null);
    return found?.text === null ? gone(type, found) : new Refused('not-found', { diagnostics: never });
  }

  async function vread(id: string, vid: string): Promise<Answer> {
    const found = VERSION.test(vid) ? await one(id, Number(vid)) : undefined;
    if (!found) {
      throw new Refused('not-found', {
        diagnostics: {
          fr: `cette version n’est pas connue, ou n’est plus gardée : voir ${type}/<id>/_history`,
          en: `this version is not known, or not kept any more: see ${type}/<id>/_history`,
        },
      });
    }
    if (found.text === null) throw gone(type, found);
    return ok(found.text, { number: found.version, updatedMs: found.updatedMs });
  }

  async function history(id: string | null, request: SearchRequest): Promise<Answer> {
    const { parameters, context, strict } = request;
    const read = id === null ? readOfAll : readOfOne;
    const { at, sinceMs, count, total, after, used } = read(parameters, context, strict);
    if (id !== null && !(await one(id, null))) {
      throw new Refused('not-found', {
        diagnostics: {
          fr: `aucune ressource ${type} n’a, ou n’a eu, cet id`,
          en: `no ${type} has, or had, this id`,
        },
      });
    }
    const of = id === null ? null : { id, version: null, at };
    const query: VersionQuery = { of, sinceMs, after: null, limit: count + 1 };
    const [found, counted] = await Promise.all([
      count === 0 ? [] : source.find({ ...query, after }),
      // Those of one resource are few.
      total || count === 0 || id !== null ? source.count(query) : null,
    ]);
    const page = found.slice(0, count);
    const last = page.length < found.length ? page.at(-1) : undefined;
    const url = `${context.base}/${id === null ? type : `${type}/${id}`}/_history`;
    const links = [link('self', url, used)];
    if (last) links.push(link('next', url, nextHistoryPage(used, last)));
    return ok(
      historyBundle({ links, total: counted, entries: page.map((each) => entry(type, each, context.base)) }),
    );
  }

  return { missing, vread, history };
}

const gone = (type: Type, { id, version }: VersionKey): Refused =>
  new Refused('gone', {
    diagnostics: {
      fr: `elle n’existe plus depuis la version ${version}; ce qu’elle était : ${type}/${id}/_history`,
      en: `it is gone since version ${version}; what it was: ${type}/${id}/_history`,
    },
  });

/** FHIR JSON has no empty arrays (R4, json.html, 2.6.2). */
function historyBundle({
  links,
  total,
  entries,
}: {
  readonly links: readonly string[];
  readonly total: number | null;
  readonly entries: readonly string[];
}): string {
  const count = total === null ? '' : `"total":${total},`;
  const list = entries.length === 0 ? '' : `,"entry":[${entries.join(',')}]`;
  return `{"resourceType":"Bundle","type":"history",${count}"link":[${links.join(',')}]${list}}`;
}

/** What would have caused the version, had it been asked for here, and how that would have been answered. */
function entry(type: Type, { id, version, updatedMs, text }: ServedVersion, base: string): string {
  const path = `${type}/${id}`;
  const [method, url, status] =
    text === null
      ? ['DELETE', path, '204 No Content']
      : version === 1
        ? ['POST', type, '201 Created']
        : ['PUT', path, '200 OK'];
  const request = { method, url };
  const response = { status, etag: `W/"${version}"`, lastModified: formatInstant(instant(updatedMs)) };
  const resource = text === null ? '' : `"resource":${text},`;
  return `{"fullUrl":"${base}/${path}",${resource}"request":${JSON.stringify(request)},"response":${JSON.stringify(response)}}`;
}

import { z } from 'zod';
import { Fault } from '../../src/adapter/faults.ts';
import { issuesOf } from '../../src/adapter/http.ts';
import { jsonIn } from '../../src/adapter/json.ts';
import type { Rejected } from '../../src/adapter/observation.ts';
import { storableText } from '../../src/adapter/texts.ts';
import type { Instant } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { checked, named, periodOf, TEXT_MAX } from './fields.ts';
import { type Published, RECORDS_MAX, type ShiftRecord, withNameless, type ZoneOfWhom } from './record.ts';
import { instantOf, Unreadable } from './times.ts';

/** A roster as JSON: README.md says how it is written. */

const text = storableText(TEXT_MAX).min(1);

const Envelope = z.object({
  period: z.object({ start: text, end: text }).nullish(),
  publishedAt: text.nullish(),
  revision: z.union([text, z.number()]).nullish(),
  shifts: z.array(z.unknown()).max(RECORDS_MAX),
});

const Record = z.object({
  id: z.union([text, z.number()]).nullish(),
  practitioner: text.nullish(),
  place: text.nullish(),
  start: text,
  end: text,
  task: text.nullish(),
  revision: z.union([text, z.number()]).nullish(),
});

const Named = z.object({ id: z.union([text, z.number()]) });

/** @throws Fault `malformed` when it is no roster: what was cut off is not an empty one. */
export function readJson(body: string, zoneOf: ZoneOfWhom): Published {
  const parsed = Envelope.safeParse(jsonIn(Buffer.from(body)));
  if (!parsed.success) throw new Fault('malformed', `no roster: ${issuesOf(parsed.error)}`);
  const { period: written, publishedAt, revision, shifts } = parsed.data;
  const envelope = envelopeOf(written ?? null, publishedAt ?? null, zoneOf(null, null));
  const records: ShiftRecord[] = [];
  const rejected: Rejected[] = [];
  for (const raw of shifts) {
    const named = Named.safeParse(raw);
    const id = named.success ? String(named.data.id) : null;
    const record = Record.safeParse(raw);
    try {
      if (!record.success) throw new Unreadable(issuesOf(record.error));
      const { practitioner = null, place = null, start, end, task = null } = record.data;
      const zone = zoneOf(practitioner, place);
      records.push({
        ...{ id, practitioner, place, task, raw },
        ...{ interval: intervalOf(start, end, zone, envelope.period) },
        ...envelope,
        revision: textOf(record.data.revision ?? revision ?? null),
      });
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      rejected.push({ externalId: id, reason: error.message, raw });
    }
  }
  return { records, rejected, period: withNameless(envelope.period ?? 'all', rejected) };
}

type Envelope = { readonly period: Interval | null; readonly publishedAt: Instant | null };

/** Whose period cannot be read may have anything missing. @throws Fault */
function envelopeOf(
  period: { readonly start: string; readonly end: string } | null,
  publishedAt: string | null,
  zone: string,
): Envelope {
  try {
    return {
      period: period && periodOf(period, zone),
      publishedAt: publishedAt === null ? null : named('publishedAt', () => instantOf(publishedAt, zone)),
    };
  } catch (error) {
    if (error instanceof Unreadable) throw new Fault('malformed', error.message);
    throw error;
  }
}

function intervalOf(start: string, end: string, zone: string, period: Interval | null): Interval {
  const found = {
    start: named('start', () => instantOf(start, zone)),
    end: named('end', () => instantOf(end, zone)),
  };
  return checked(found, period);
}

const textOf = (value: string | number | null): string | null => (value === null ? null : String(value));

import { useState } from 'react';
import { freeId } from '../configuration/ids.ts';
import type { Clinic, Connection } from '../configuration/model.ts';
import type { SchemaNode } from '../form/schema.ts';
import { type Entry, entryOf, filledIn } from '../form/value.ts';
import type { Bilingual } from '../i18n/use-words.ts';
import type { Beginning } from './platform-choice.tsx';

/** A connection while somebody fills it in. */
export type Draft = {
  readonly id: string;
  /** What it is to be in the file, without its calendars. */
  readonly value: Entry;
  readonly isNew: boolean;
  readonly set: (value: Entry) => void;
  readonly setId: (id: string) => void;
};

/** @param title of the platform, which a new one is called like. */
export function useDraft(
  connection: Connection | null,
  beginning: Beginning,
  title: Entry,
  clinic: Clinic,
): Draft {
  const isNew = connection === null;
  const [value, setValue] = useState<Entry>(() => {
    const { calendars: _, ...rest } = connection ?? beginning.offered?.connection ?? {};
    return { title, ...rest, platform: beginning.platform };
  });
  const [given, setGiven] = useState<string | null>(() => {
    const offered = beginning.offered?.connection['id'];
    return connection?.id ?? (typeof offered === 'string' ? offered : null);
  });
  const others = clinic.connections.map(({ id }) => id);
  const id = given ?? freeId(namesOf(value).fr, others, beginning.platform);
  return { id, value, isNew, set: setValue, setId: setGiven };
}

/** As it is sent: what is empty is left out, and so is a name that only says what the platform is called anyway. */
export function sentOf({ id, value }: Draft, settings: SchemaNode): Entry {
  const { title: _, allowedTargets, ...rest } = value;
  const { fr, en } = namesOf(value);
  const targets = Array.isArray(allowedTargets)
    ? allowedTargets.map(String).filter((each) => each.trim() !== '')
    : [];
  return {
    ...rest,
    id,
    ...(fr === '' ? {} : { title: { fr, en } }),
    ...(targets.length === 0 ? {} : { allowedTargets: targets }),
    settings: filledIn(settings, entryOf(value['settings'])),
  };
}

/** A name that was left empty in one language is that of the other. */
function namesOf({ title }: Entry): Bilingual {
  const { fr = '', en = '' } = entryOf(title);
  const [french, english] = [String(fr).trim(), String(en).trim()];
  return { fr: french || english, en: english || french };
}

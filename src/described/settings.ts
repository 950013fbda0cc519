import { z } from 'zod';
import { IS_SECRET } from '../adapter/secret.ts';
import type { Description, Setting } from './description.ts';

/** The settings of a connection as the schema that the configuration checks them by. */

const CHARACTERS_MAX = 2_000;

export function settingsSchema(settings: Description['settings']) {
  return z.strictObject(
    Object.fromEntries(
      Object.entries(settings).map(([name, setting]) => {
        const { fr, en } = setting.title;
        const schema = schemaOf(name, setting).describe(fr === en ? en : `${fr} / ${en}`);
        return [name, setting.optional ? schema.optional() : schema];
      }),
    ),
  );
}

/** What signs deliveries has to be long enough to be guessed by nobody. */
const WEBHOOK_SECRET_CHARACTERS_MIN = 16;

function schemaOf(name: string, { type, choices = [] }: Setting): z.ZodType {
  switch (type) {
    case 'address':
      return z.url({ protocol: /^https?$/ });
    case 'number':
      return z.number();
    case 'choice':
      return z.enum(choices);
    case 'text':
      return z.string().min(1).max(CHARACTERS_MAX);
    case 'secret': {
      const least = name === 'webhookSecret' ? WEBHOOK_SECRET_CHARACTERS_MIN : 1;
      return z.string().min(least).max(CHARACTERS_MAX).meta(IS_SECRET);
    }
  }
}

/** What was configured: what expressions may see, and what they may not. */
export type Values = {
  readonly open: Readonly<Record<string, unknown>>;
  readonly secret: (name: string) => string;
};

export function valuesOf(settings: Description['settings'], given: unknown): Values {
  const values = given as Readonly<Record<string, unknown>>;
  const isSecret = (name: string): boolean => settings[name]?.type === 'secret';
  return {
    open: Object.fromEntries(Object.entries(values).filter(([name]) => !isSecret(name))),
    secret: (name) => String(values[name] ?? ''),
  };
}

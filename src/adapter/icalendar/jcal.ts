import ICAL from 'ical.js';
import { z } from 'zod';

/** iCalendar text (RFC 5545) to plain components. ical.js reads the lines (jCal, RFC 7265); nothing else of it is used. */

export type Parameters = Readonly<Record<string, string | readonly string[]>>;
export type Property = {
  readonly name: string;
  readonly parameters: Parameters;
  readonly values: readonly unknown[];
};
export type Component = {
  readonly name: string;
  readonly properties: readonly Property[];
  readonly components: readonly Component[];
};

const TEXT_CHARACTERS_MAX = 1024 * 1024;
/** Of one resource, which is one event and its exceptions (RFC 4791, 4.1): each rule may cost a fifth of a second. */
const RULES_MAX = 10;
/** RFC 5545, 3.3.5 forbids an offset on a time, and ical.js drops it without a word: the time would be wrong. */
const TIME_WITH_OFFSET = /(?:^|[\r\n])(?:DTSTART|DTEND|RDATE|EXDATE|RECURRENCE-ID)\b[^\r\n]*\dT\d{6}[+-]\d/i;

const JProperty = z
  .tuple([z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string())])), z.string()])
  .rest(z.unknown());
type JComponent = [string, z.output<typeof JProperty>[], JComponent[]];
const JComponent: z.ZodType<JComponent> = z.lazy(() =>
  z.tuple([z.string(), z.array(JProperty), z.array(JComponent)]),
);
const Roots = z.union([JComponent.transform((root) => [root]), z.array(JComponent)]);

/** The text of one resource. `unreadable` carries the reason, without any value of the text. */
export type Parsed =
  | { readonly kind: 'calendars'; readonly calendars: readonly Component[] }
  | { readonly kind: 'unreadable'; readonly reason: string };

export function parseCalendars(text: string): Parsed {
  if (text.length > TEXT_CHARACTERS_MAX) return { kind: 'unreadable', reason: 'longer than 1 MiB' };
  if (TIME_WITH_OFFSET.test(text.replace(/\r?\n[ \t]/g, ''))) {
    return { kind: 'unreadable', reason: 'a time with a UTC offset (RFC 5545, 3.3.5 forbids it)' };
  }
  try {
    const roots = Roots.safeParse(ICAL.parse(text));
    if (roots.success && roots.data.length > 0) {
      const calendars = roots.data.map(component);
      if (rulesIn(calendars) <= RULES_MAX) return { kind: 'calendars', calendars };
      const reason = `more than ${RULES_MAX} recurrence rules, where one resource is one event (RFC 4791, 4.1)`;
      return { kind: 'unreadable', reason };
    }
  } catch {
    // Its messages quote the line, which may name a patient. What is nested by thousands overflows the stack.
  }
  return { kind: 'unreadable', reason: 'not iCalendar (RFC 5545)' };
}

const rulesIn = (calendars: readonly Component[]): number =>
  calendars.flatMap(({ components }) => components.flatMap((each) => propertiesOf(each, 'rrule'))).length;

const component = ([name, properties, components]: JComponent): Component => ({
  name,
  properties: properties.map(([property, parameters, , ...values]) => ({
    name: property,
    parameters,
    values,
  })),
  components: components.map(component),
});

export const propertiesOf = (of: Component, name: string): readonly Property[] =>
  of.properties.filter((property) => property.name === name);

export const propertyOf = (of: Component, name: string): Property | undefined =>
  of.properties.find((property) => property.name === name);

/** The first value as text, or null. */
export function textOf(of: Component, name: string): string | null {
  const value = propertyOf(of, name)?.values[0];
  return typeof value === 'string' ? value : null;
}

export function parameterOf(property: Property, name: string): string | null {
  const value = property.parameters[name];
  return (typeof value === 'string' ? value : value?.[0]) ?? null;
}

import { DAY, HOUR, type Instant, MINUTE } from '../../domain/instant.ts';
import type { Language } from '../../fhir/language.ts';

/** How a session is known again by whoever has several. */

/** In the order that they are looked for: each names those before it too. */
const BROWSERS = [
  [/\bEdg/, 'Edge'],
  [/\bFirefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
] as const;
const SYSTEMS = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bWindows\b/, 'Windows'],
  [/\bMacintosh\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
] as const;

/** As `Firefox, Windows`; null = it says neither. */
export function agentName(agent: string): string | null {
  const parts = [BROWSERS, SYSTEMS].flatMap(
    (known) => known.find(([pattern]) => pattern.test(agent))?.[1] ?? [],
  );
  return parts.length === 0 ? null : parts.join(', ');
}

/** As `il y a 5 minutes`: no zone is needed for it. */
export function ago(at: Instant, now: Instant, language: Language): string {
  const format = new Intl.RelativeTimeFormat(`${language}-CA`, { numeric: 'auto' });
  const passed = Math.max(now - at, 0);
  if (passed < MINUTE) return format.format(0, 'second');
  if (passed < HOUR) return format.format(-Math.floor(passed / MINUTE), 'minute');
  if (passed < DAY) return format.format(-Math.floor(passed / HOUR), 'hour');
  return format.format(-Math.floor(passed / DAY), 'day');
}

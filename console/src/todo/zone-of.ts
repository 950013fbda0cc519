/** Of a schedule that is not configured any more nobody knows where it was: then it is the zone of who looks. */
export const zoneOf = (given: string | null): string =>
  given ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

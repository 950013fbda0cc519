/** The responses of a multistatus that have content: href and iCalendar text. */
export function contentsIn(multistatus: string): readonly { readonly href: string; readonly text: string }[] {
  return multistatus.split(/<(?:\w+:)?response[\s>]/).flatMap((response) => {
    const href = /<(?:\w+:)?href[^>]*>([^<]*)</.exec(response)?.[1];
    const text = /<(?:\w+:)?calendar-data[^>]*>([^<]*)</.exec(response)?.[1];
    return href === undefined || text === undefined ? [] : [{ href, text: plain(text) }];
  });
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const plain = (xml: string): string =>
  xml.replace(/&(?:#(\d+)|(\w+));/g, (whole, code: string | undefined, name: string | undefined) =>
    code === undefined ? (ENTITIES[name ?? ''] ?? whole) : String.fromCodePoint(Number(code)),
  );

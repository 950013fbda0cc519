/** In which language a caller reads what went wrong. */
export type Language = 'fr' | 'en';

/** French where the caller says nothing, or nothing that is offered (Law 96: French at least as good as any other). */
const DEFAULT: Language = 'fr';

/** @param header Accept-Language (RFC 9110, section 12.5.4). Of two that are wanted alike it is the first. */
export function languageOf(header: string | undefined): Language {
  if (header === undefined) return DEFAULT;
  let best: { readonly language: Language; readonly quality: number } | null = null;
  for (const range of header.split(',')) {
    const [tag = '', ...parameters] = range.split(';');
    const language = offered(tag.trim().toLowerCase());
    const quality = Number(/^\s*q=([0-9.]+)\s*$/i.exec(parameters.join(';'))?.[1] ?? 1);
    if (language && quality > (best?.quality ?? 0)) best = { language, quality };
  }
  return best?.language ?? DEFAULT;
}

/** By its prefix: `en-CA` is English (RFC 4647, section 3.3.1, the other way round). */
function offered(tag: string): Language | null {
  if (tag === '*') return DEFAULT;
  const [primary] = tag.split('-');
  return primary === 'fr' || primary === 'en' ? primary : null;
}

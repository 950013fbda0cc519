/** First letters of Canadian postal codes (Canada Post, Addressing Guidelines): a few villages at a border lie beyond it. */
const PROVINCES: Readonly<Record<string, string>> = {
  A: 'NL',
  B: 'NS',
  C: 'PE',
  E: 'NB',
  G: 'QC',
  H: 'QC',
  J: 'QC',
  K: 'ON',
  L: 'ON',
  M: 'ON',
  N: 'ON',
  P: 'ON',
  R: 'MB',
  S: 'SK',
  T: 'AB',
  V: 'BC',
  Y: 'YT',
};
const NUNAVUT = /^X0[ABC]/;
const CODE = /^[A-Z]\d[A-Z] ?\d[A-Z]\d$/;

/** The province or territory by its two letters; null where the code is not Canadian, or is no code. */
export function provinceOf(postalCode: string): string | null {
  const code = postalCode.trim().toUpperCase();
  if (!CODE.test(code)) return null;
  if (code.startsWith('X')) return NUNAVUT.test(code) ? 'NU' : 'NT';
  return PROVINCES[code.charAt(0)] ?? null;
}

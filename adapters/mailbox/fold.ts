/** Two texts that a reader takes for the same: without accents, case, kinds of spaces and what only decorates. */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[’ʼ`]/g, "'")
    .split(/[\s\u200b\ufeff]/u)
    .filter((word) => word !== '')
    .join(' ');

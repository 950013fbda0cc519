import type { Compared } from './rounds.ts';

/** One line of the result. */
export type Line = {
  readonly what: string;
  /** What the numbers are of: requests/s, ms, slots/s, MB. */
  readonly unit: string;
  readonly floor: number | null;
  readonly passerelle: number;
  readonly cost: Compared['cost'] | null;
  /** What Passerelle is to reach: so much of its floor, or so much by itself. */
  readonly target: { readonly of: 'floor' | 'itself'; readonly least: number } | null;
};

export const lineOf = (
  what: string,
  unit: string,
  { value, cost }: Compared,
  target: Line['target'] = null,
): Line => ({ what, unit, ...value, cost, target });

const HEAD = [
  'what',
  'unit',
  'floor',
  'Passerelle',
  'ratio',
  'target',
  'verdict',
  'CPU µs floor',
  'CPU µs Passerelle',
];

export function renderTable(lines: readonly Line[]): string {
  const rows = [HEAD, ...lines.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const text = rows.map((row) => {
    const padded = row.map((cell, column) =>
      column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    return `| ${padded.join(' | ')} |`;
  });
  const rule = `| ${widths.map((width, column) => (column < 2 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [text[0], rule, ...text.slice(1)].join('\n');
}

function cells({ what, unit, floor, passerelle, cost, target }: Line): string[] {
  const ratio = floor === null ? null : passerelle / floor;
  const reached = target?.of === 'floor' ? ratio : passerelle;
  return [
    what,
    unit,
    floor === null ? '' : number(floor),
    number(passerelle),
    ratio === null ? '' : ratio.toFixed(2),
    target === null ? '' : `≥ ${target.of === 'floor' ? target.least : number(target.least)}`,
    target === null || reached === null ? '' : reached >= target.least ? 'reached' : 'missed',
    cost === null ? '' : number(cost.floor),
    cost === null ? '' : number(cost.passerelle),
  ];
}

const number = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1);

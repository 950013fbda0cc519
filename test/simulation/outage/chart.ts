import { type EChartsOption, init } from 'echarts';
import { DAY, HOUR, instant } from '../../../src/domain/instant.ts';
import { RVSQ, VENDOR } from '../clinic.ts';
import { localOf } from './clinics.ts';
import type { Sample } from './measure.ts';
import { outagesOf, type Timetable } from './timetable.ts';

/** The outage as a picture: four panels over one axis of time, the outages shaded. */

const WIDTH = 1100;
const PANEL = { height: 170, gap: 95, top: 96, left: 84, right: 40 };
const COLOURS = { [VENDOR]: '#b3470f', [RVSQ]: '#1f5fa8', all: '#2e7d4f' };
const OUTAGE_COLOUR = 'rgba(120, 120, 120, 0.22)';
const UNEVEN_COLOUR = 'rgba(230, 170, 60, 0.12)';

type Line = {
  readonly name: string;
  readonly colour: string;
  readonly of: (sample: Sample) => number | null;
  /** Each hour by itself, in place of a line. */
  readonly isDotted?: true;
};
type Panel = { readonly title: string; readonly unit: string; readonly lines: readonly Line[] };

const PANELS: readonly Panel[] = [
  {
    title: 'Backlog: what a platform does not show yet',
    unit: 'listings',
    lines: [
      { name: 'at the vendor', colour: COLOURS[VENDOR], of: ({ backlog }) => backlog[VENDOR] },
      { name: 'at RVSQ', colour: COLOURS[RVSQ], of: ({ backlog }) => backlog[RVSQ] },
    ],
  },
  {
    title: 'Lag: age of the oldest of them',
    unit: 'hours',
    lines: [
      {
        name: 'at the vendor',
        colour: COLOURS[VENDOR],
        of: ({ oldestMilliseconds }) => oldestMilliseconds[VENDOR] / HOUR,
      },
      {
        name: 'at RVSQ',
        colour: COLOURS[RVSQ],
        of: ({ oldestMilliseconds }) => oldestMilliseconds[RVSQ] / HOUR,
      },
      {
        name: 'from sale to closing, longest of an hour',
        colour: COLOURS.all,
        of: ({ closedAfterMilliseconds }) => longest(Object.values(closedAfterMilliseconds)),
        isDotted: true,
      },
    ],
  },
  {
    title: 'Bookable: slots of the next four days that a patient can book',
    unit: 'slots',
    lines: [
      { name: 'at the vendor', colour: COLOURS[VENDOR], of: ({ bookable }) => bookable[VENDOR] },
      { name: 'at RVSQ', colour: COLOURS[RVSQ], of: ({ bookable }) => bookable[RVSQ] },
      {
        name: 'anywhere, and truly free',
        colour: COLOURS.all,
        of: ({ bookableIndeed }) => bookableIndeed,
      },
    ],
  },
  {
    title: 'Conflicts found so far',
    unit: 'conflicts',
    lines: [{ name: 'conflicts', colour: COLOURS.all, of: ({ conflicts }) => conflicts }],
  },
];

/** In hours; null = there is none, and no dot. */
function longest(waits: readonly (number | null)[]): number | null {
  const known = waits.filter((wait) => wait !== null);
  return known.length === 0 ? null : Math.max(...known) / HOUR;
}

export function chartOf(samples: readonly Sample[], timetable: Timetable, title: string): string {
  const height = topOf(PANELS.length) - PANEL.gap / 2;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  try {
    chart.setOption(optionOf(samples, timetable, title));
    return `${chart.renderToSVGString()}\n`;
  } finally {
    chart.dispose();
  }
}

const topOf = (index: number): number => PANEL.top + index * (PANEL.height + PANEL.gap);

function optionOf(samples: readonly Sample[], timetable: Timetable, title: string): EChartsOption {
  return {
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: 'sans-serif', fontSize: 13 },
    title: [
      { text: title, left: PANEL.left, top: 14, textStyle: { fontSize: 18 } },
      ...PANELS.map((panel, index) => ({
        text: panel.title,
        left: PANEL.left,
        top: topOf(index) - 36,
        textStyle: { fontSize: 14 },
      })),
    ],
    legend: PANELS.map((panel, index) => ({
      data: panel.lines.map((line) => nameIn(index, line)),
      formatter: (name: string) => name.slice(name.indexOf(' ') + 1),
      right: PANEL.right + 30,
      top: topOf(index) - 38,
      icon: 'roundRect',
      itemHeight: 4,
      // Texts are measured without their font, and come out wider.
      itemGap: 26,
      selectedMode: false,
    })),
    grid: PANELS.map((_, index) => ({
      left: PANEL.left,
      right: PANEL.right,
      top: topOf(index),
      height: PANEL.height,
    })),
    xAxis: PANELS.map((_, index) => ({
      type: 'value' as const,
      gridIndex: index,
      min: timetable.from,
      max: timetable.until,
      interval: DAY,
      axisLabel: { formatter: dayOf, showMaxLabel: false, fontSize: 11 },
      splitLine: { lineStyle: { color: '#eeeeee' } },
    })),
    yAxis: PANELS.map((panel, index) => ({
      type: 'value' as const,
      gridIndex: index,
      name: panel.unit,
      nameLocation: 'middle' as const,
      nameGap: 56,
      min: 0,
      minInterval: 1,
      splitNumber: 4,
    })),
    series: PANELS.flatMap((panel, index) =>
      panel.lines.map((line, place) => ({
        type: 'line' as const,
        name: nameIn(index, line),
        xAxisIndex: index,
        yAxisIndex: index,
        showSymbol: line.isDotted ?? false,
        symbolSize: 4,
        step: 'end' as const,
        lineStyle: { width: line.isDotted ? 0 : 1.6, color: line.colour },
        itemStyle: { color: line.colour },
        data: samples.map((sample) => [sample.at, line.of(sample)]),
        ...(place === 0 ? { markArea: shades(timetable, index === 0) } : {}),
      })),
    ),
  };
}

/** Legends are told apart by the names of their lines. */
const nameIn = (index: number, { name }: Line): string => `${index} ${name}`;

function shades(timetable: Timetable, isLabelled: boolean) {
  const area = (name: string, from: number, until: number, color: string) =>
    [{ name: isLabelled ? name : '', xAxis: from, itemStyle: { color } }, { xAxis: until }] as [
      { name: string; xAxis: number; itemStyle: { color: string } },
      { xAxis: number },
    ];
  return {
    silent: true,
    label: { position: 'insideTop' as const, color: '#444444', fontSize: 12 },
    data: [
      ...outagesOf(timetable).map(({ from, until }) => area('down', from, until, OUTAGE_COLOUR)),
      ...timetable.spans
        .filter(({ phase }) => phase === 'uneven')
        .map(({ from, until }) => area('uneven', from, until, UNEVEN_COLOUR)),
    ],
  };
}

/** The axis begins at a midnight of the clinics, and no clock changes while it lasts. */
const dayOf = (at: number): string =>
  localOf(instant(at)).toLocaleString('en-CA', { weekday: 'short', day: 'numeric' });

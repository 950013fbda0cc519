import { join } from 'node:path';
import type { Started } from './processes.ts';
import type { Question } from './servers/child.ts';
import { median } from './statistics.ts';

/** How every comparison is made: floor and Passerelle in turn, so that a drift of the machine meets both. */

export type Side = 'floor' | 'passerelle';
export const SIDES: readonly Side[] = ['floor', 'passerelle'];
export type Sides<T> = { readonly floor: T; readonly passerelle: T };

export type Sample = { readonly value: number; readonly operations: number };

export type Compared = {
  /** Medians over the rounds. */
  readonly value: Sides<number>;
  /** Processor time of the server for one operation, microseconds: what a busy machine distorts least. */
  readonly cost: Sides<number>;
};

export type Settings = {
  readonly rounds: number;
  /** Where CPU profiles go; null = none is taken. */
  readonly profileFolder: string | null;
  /** A line for whoever waits. */
  readonly say: (text: string) => void;
};

export async function compare(
  name: string,
  servers: Sides<Started>,
  { rounds, profileFolder, say }: Settings,
  measure: (side: Side) => Promise<Sample>,
): Promise<Compared> {
  const values = { floor: [] as number[], passerelle: [] as number[] };
  const costs = { floor: [] as number[], passerelle: [] as number[] };
  const profile = async (fileOf: (side: Side) => string | null): Promise<void> => {
    if (profileFolder === null) return;
    for (const side of SIDES)
      await servers[side].ask({ kind: 'profile', file: fileOf(side) } satisfies Question);
  };
  await profile(() => null);
  for (let round = 0; round < rounds; round += 1) {
    for (const side of SIDES) {
      const before = await servers[side].used();
      const { value, operations } = await measure(side);
      const used = (await servers[side].used()) - before;
      values[side].push(value);
      costs[side].push((used * 1000) / operations);
    }
    say(`${name}: round ${round + 1} of ${rounds}`);
  }
  const file = name.replaceAll(/[^a-z0-9]+/gi, '-');
  await profile((side) => join(profileFolder ?? '', `${file}.${side}.cpuprofile`));
  return { value: each(values, median), cost: each(costs, median) };
}

const each = <T, U>({ floor, passerelle }: Sides<T>, map: (of: T) => U): Sides<U> => ({
  floor: map(floor),
  passerelle: map(passerelle),
});

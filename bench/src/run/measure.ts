import { type Comparison, type Side } from './benchmark.js';

export interface Samples {
  measured: number[];
  against: number[];
  besides: { name: string; samples: number[] }[];
  rounds: number;
}

/**
 * Rounds of one side and of the others in turn, so that what else the machine does falls on all; who begins changes.
 * The first round of each is not counted: connections, caches and compiled code are made in it.
 */
export async function measure(comparison: Omit<Comparison, 'close'>, rounds: number): Promise<Samples> {
  const { measured, against, besides = [] } = comparison;
  const sides: Side[] = [measured, against, ...besides];
  const samples = sides.map((): number[] => []);
  for (const side of sides) await side.round();
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < sides.length; turn++) {
      const at = (round + turn) % sides.length;
      samples[at]?.push(...((await sides[at]?.round()) ?? []));
    }
  const [ofMeasured = [], ofAgainst = [], ...others] = samples;
  const named = besides.map(({ name }, index) => ({ name, samples: others[index] ?? [] }));
  return { measured: ofMeasured, against: ofAgainst, besides: named, rounds };
}

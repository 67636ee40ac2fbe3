import { type Comparison, type Side } from './benchmark.js';

export interface Samples {
  measured: number[];
  against: number[];
  rounds: number;
}

/**
 * Rounds of one side and of the other in turn, so that what else the machine does falls on both; who begins changes.
 * The first round of each is not counted: connections, caches and compiled code are made in it.
 */
export async function measure({ measured, against }: Omit<Comparison, 'close'>, rounds: number): Promise<Samples> {
  const samples: Samples = { measured: [], against: [], rounds };
  const take = async (side: Side, into: number[]): Promise<void> => void into.push(...(await side.round()));
  await measured.round();
  await against.round();
  for (let round = 0; round < rounds; round++) {
    const turns = [() => take(measured, samples.measured), () => take(against, samples.against)];
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
  }
  return samples;
}

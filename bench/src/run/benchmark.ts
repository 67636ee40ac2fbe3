/** One side of a comparison. */
export interface Side {
  /** One round. @returns what each call took, in the benchmark's unit */
  round(): Promise<number[]>;
}

/** What belongs to a benchmark and is no comparison. */
export interface Figure {
  says: string;
  met: boolean;
}

/** Another thing to compare with. */
export interface NamedSide extends Side {
  name: string;
}

/** A benchmark that is ready to run. */
export interface Comparison {
  measured: Side;
  against: Side;
  /** measured in the same rounds */
  besides?: readonly NamedSide[];
  /** measured after the rounds */
  figures?(): Promise<Figure[]>;
  close(): Promise<void>;
}

type Goal =
  /** the medians' ratio is at most this */
  | { kind: 'ratio'; most: number }
  /** in the benchmark's unit */
  | { kind: 'p99'; most: number }
  /** a figure to know */
  | { kind: 'none' };

export interface Benchmark {
  name: string;
  unit: 'ms' | 'us' | 'KB';
  /** what it is compared with */
  against: string;
  /** the goal is against the best of what it is compared with */
  best?: true;
  /** asked for by name or by `--engine` only */
  group?: 'engine';
  goal: Goal;
  /** what the platform promises of every call: p99 below so many ms */
  limit?: { of: string; ms: number };
  /** @param quick fewer calls a round: for tests and first looks */
  open(options: { quick: boolean }): Promise<Comparison>;
}

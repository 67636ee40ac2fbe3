import { type Arbitrary, noBias, uint8Array } from 'fast-check';

const LENGTH = 700;

/** Choices, read one after the other; a zero is the plainest, and what is past the end. So they shrink to little. */
export class Tape {
  private at = 0;

  constructor(private readonly choices: Uint8Array) {}

  /** from 0, below `count` (at most 256) */
  below(count: number): number {
    return (this.choices[this.at++] ?? 0) % count;
  }

  chance(percent: number): boolean {
    return this.below(100) >= 100 - percent;
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[this.below(list.length)] ?? list[0];
  }

  /** In their order; maybe none. */
  some<T>(list: readonly T[], percent: number): T[] {
    return list.filter(() => this.chance(percent));
  }
}

/** As plain arrays: what fails is printed. */
export const tapes: Arbitrary<Uint8Array> = noBias(uint8Array({ minLength: LENGTH, maxLength: LENGTH }));

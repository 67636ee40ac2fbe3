/**
 * Every number of a column up to a capacity, beyond it a uniform sample of that size (Vitter's algorithm R). The random
 * numbers come from a fixed seed: a file always has the same profile. Of a sample of n, a quantile's rank is off by less
 * than 1/√n (19 times of 20): 0.3 % for 100,000.
 */
export class NumberSample {
  #values = new Float64Array(256);
  #kept = 0;
  #seed = 0x9e3779b9;
  seen = 0;

  constructor(private readonly capacity: number) {}

  add(value: number): void {
    this.seen++;
    if (this.#kept < this.capacity) {
      if (this.#kept === this.#values.length) this.#grow();
      this.#values[this.#kept++] = value;
      return;
    }
    const place = Math.floor(this.#random() * this.seen);
    if (place < this.capacity) this.#values[place] = value;
  }

  get exact(): boolean {
    return this.seen === this.#kept;
  }

  sorted(): Float64Array {
    return this.#values.subarray(0, this.#kept).sort();
  }

  #grow(): void {
    const larger = new Float64Array(Math.min(this.capacity, this.#values.length * 4));
    larger.set(this.#values);
    this.#values = larger;
  }

  /** mulberry32 */
  #random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
}

import { type Place, pointerOf } from './place.js';
import { type SchemaIssue } from './schema-issue.js';
import { type Seen, SeenParts, UNSEEN } from './seen.js';

/** Work of one check; about 0.1 us each. A schema and a value that together need more are refused. */
const MAX_STEPS = 5_000_000;
/** Schemas applied within each other: recursion of a schema along its value. */
const MAX_DEPTH = 800;
const MAX_ISSUES = 100;
const CHARACTERS_A_STEP = 128;

/** The value cannot be judged within the limits. */
export class CheckLimitError extends Error {}

/** One check of one value: what was found, and what is left to spend. */
export class CheckRun {
  readonly issues: SchemaIssue[] = [];
  private left = MAX_STEPS;
  private silent = 0;

  /** @param tracks the document has `unevaluated…` somewhere */
  constructor(private readonly tracks: boolean) {}

  seen(): Seen {
    return this.tracks ? new SeenParts() : UNSEEN;
  }

  enter(place: Place): void {
    this.charge(1);
    if (place.depth > MAX_DEPTH) throw new CheckLimitError('the value is nested too deeply for its schema');
  }
  charge(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw new CheckLimitError('the value takes too many steps to check against its schema');
  }
  chargeText(length: number): void {
    this.charge(Math.ceil(length / CHARACTERS_A_STEP));
  }
  /** Notes an issue; always false, so that a check can return it. */
  fail(place: Place, message: string): false {
    if (this.silent === 0 && this.issues.length < MAX_ISSUES) this.issues.push({ pointer: pointerOf(place), message });
    return false;
  }
  /** Alternatives are tried without noting what they lack. */
  quietly(check: () => boolean): boolean {
    this.silent++;
    try {
      return check();
    } finally {
      this.silent--;
    }
  }
}

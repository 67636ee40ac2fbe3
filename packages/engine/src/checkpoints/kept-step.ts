import type { JsonObject } from '@aumos/agf-domain/runtime';
import type { StepRecord } from '../common/index.js';

/** What came before the first step of an execution that began where another one stood. */
export interface StepBase {
  /** with which that step begins; nothing is folded into it */
  state: JsonObject;
  /** visits begun so far, by node, those of the step included */
  visits: Record<string, number>;
  /** declared channels that were written */
  written: string[];
}

/** A step as it is kept: the first one of an execution that did not begin at the start has a base. */
export interface KeptStep extends StepRecord {
  base: StepBase | null;
}

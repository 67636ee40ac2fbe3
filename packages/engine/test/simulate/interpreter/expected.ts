import type { Json, JsonObject } from '@aumos/agf-domain';
import type { Undoing } from './undo.js';
import type { Decision } from './world.js';

export interface Failure {
  code: string;
  node: string | null;
  visit: number | null;
  attempts: number;
}

export interface ExpectedVisit {
  node: string;
  visit: number;
  step: number;
  item: number | null;
  input: Json;
  output: Json;
  error: Failure | null;
  /** answers of its tool */
  calls: number;
  decisions: Decision[];
  /** of a workflow node */
  child?: Expected;
}

/** What the language says an execution comes to. */
export interface Expected {
  status: 'completed' | 'failed';
  output: Json;
  /** any of these is right: several visits of one step can each end the execution, and which is first is chance */
  errors: Failure[];
  state: JsonObject;
  steps: number;
  visits: ExpectedVisit[];
  /** the step in which a visit ended the execution: its siblings may have been cancelled, or never begun */
  cutStep: number | null;
  /** of one that completed: what undoes it, in the order in which it was done */
  left?: Undoing[];
}

/** Tells what happened, to be counted. */
export type Tell = (event: string) => void;

/** A node's error on its way. */
export class Failed extends Error {
  constructor(
    readonly failure: Failure,
    readonly open = false,
  ) {
    super(failure.code);
  }
}

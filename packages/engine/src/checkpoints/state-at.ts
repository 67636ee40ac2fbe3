import { jsonSize, type JsonObject, type WorkflowDefinition } from '@aumos/agf-domain/runtime';
import type { ResumePoint } from '../common/index.js';
import type { KeptStep } from './kept-step.js';
import { beforeTheFirst, goOn, type Standing } from './standing.js';

const upTo = (steps: readonly KeptStep[], step: number): KeptStep[] => steps.filter((each) => each.step <= step);

/** @param steps all up to it, in their order @returns the state with which the step begins */
export const stateAt = (definition: WorkflowDefinition, steps: readonly KeptStep[], step: number): JsonObject =>
  goOn(definition, beforeTheFirst(definition), upTo(steps, step)).state;

/** @param steps all up to it, in their order @returns the bookkeeping with which the step begins */
export const bookAt = (definition: WorkflowDefinition, steps: readonly KeptStep[], step: number): ResumePoint['book'] =>
  bookOf(goOn(definition, beforeTheFirst(definition), upTo(steps, step)));

/** What the engine keeps beside the channels. */
export function bookOf({ begins, state, visits, written }: Standing): ResumePoint['book'] {
  const { step = 0, due = {}, joins = {}, ended = false } = begins ?? {};
  return { step, due, visits, joins, ended, written, stateBytes: jsonSize(state) };
}

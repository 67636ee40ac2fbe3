import type { WorkflowDefinition } from '@aumos/agf-domain/runtime';
import type { KeptStep } from './kept-step.js';
import { beforeTheFirst, goOn, type Standing } from './standing.js';

/** The next steps after `after`, in their order, none beyond the one that is asked for; none: there are no more. */
export type ReadSteps = (after: number) => Promise<readonly KeptStep[]>;

/**
 * Where an execution stands when a step begins, read page by page: only one is held at a time.
 * @param from where it stood at an earlier step @returns null when that step is not kept
 */
export async function standingAt(
  definition: WorkflowDefinition,
  step: number,
  read: ReadSteps,
  from: Standing = beforeTheFirst(definition),
): Promise<Standing | null> {
  let standing = from;
  while ((standing.begins?.step ?? -1) < step) {
    const steps = await read(standing.begins?.step ?? -1);
    if (steps.length === 0) return null;
    standing = goOn(definition, standing, steps);
  }
  return standing.begins?.step === step ? standing : null;
}

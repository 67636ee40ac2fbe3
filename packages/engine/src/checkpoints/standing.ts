import { initialState, type JsonObject, type WorkflowDefinition } from '@aumos/agf-domain/runtime';
import type { StepRecord } from '../common/index.js';
import { withImplicitChannels } from '../workflow/plan/channels.js';
import { own } from '../workflow/plan/own.js';
import { foldWrites } from './fold-writes.js';
import type { KeptStep } from './kept-step.js';

/** Where an execution stands when a step begins. */
export interface Standing {
  /** the step; null before the first one */
  begins: StepRecord | null;
  state: JsonObject;
  /** visits begun so far, by node, those of the step included */
  visits: Record<string, number>;
  /** declared channels that were written, sorted */
  written: string[];
}

export const beforeTheFirst = (definition: WorkflowDefinition): Standing => ({
  begins: null,
  state: initialState(withImplicitChannels(definition)),
  visits: {},
  written: [],
});

/**
 * Goes on from where it stood by the steps that follow, in their order. May be called page by page: the outcome is the
 * same. Pure.
 */
export function goOn(definition: WorkflowDefinition, from: Standing, steps: readonly KeptStep[]): Standing {
  const rebased = steps.findLastIndex(({ base }) => base !== null);
  const base = steps[rebased]?.base;
  const start = base ? { ...base } : from;
  const following = steps.slice(rebased + 1);
  const channels = withImplicitChannels(definition);
  const visits = { ...start.visits };
  for (const { due } of following)
    for (const [node, begun] of Object.entries(due)) visits[node] = (own(visits, node) ?? 0) + begun.length;
  const declared = following
    .flatMap(({ writes }) => Object.keys(writes))
    .filter((name) => isDeclared(definition, name));
  return {
    begins: steps.at(-1) ?? from.begins,
    state: foldWrites(channels, start.state, following),
    visits,
    written: [...new Set([...start.written, ...declared])].sort(),
  };
}

const isDeclared = ({ state }: WorkflowDefinition, channel: string): boolean => Object.hasOwn(state ?? {}, channel);

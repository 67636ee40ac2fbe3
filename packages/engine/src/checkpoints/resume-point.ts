import type { JsonObject } from '@aumos/agf-domain/runtime';
import type { ResumePoint } from '../common/index.js';
import type { KeptStep } from './kept-step.js';
import type { Standing } from './standing.js';
import { bookOf } from './state-at.js';

/**
 * The same place with other values in some channels, past their reducers: they count as written.
 * @param state by channel; checked by `replacementIssues`
 */
export function withState(standing: Standing, state: JsonObject, declared: object = {}): Standing {
  const replaced = Object.keys(state).filter((name) => Object.hasOwn(declared, name));
  return {
    ...standing,
    state: { ...standing.state, ...state },
    written: [...new Set([...standing.written, ...replaced])].sort(),
  };
}

export const resumePoint = (standing: Standing, done: ResumePoint['done']): ResumePoint => ({
  state: standing.state,
  book: bookOf(standing),
  done,
});

/** The first step that an execution keeps which begins there. */
export const firstKept = ({ begins, state, visits, written }: Standing): KeptStep => ({
  step: begins?.step ?? 0,
  due: begins?.due ?? {},
  joins: begins?.joins ?? {},
  ended: begins?.ended ?? false,
  writes: {},
  base: { state, visits, written },
});

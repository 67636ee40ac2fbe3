export type { KeptStep, StepBase } from './kept-step.js';
export { beforeTheFirst, goOn, type Standing } from './standing.js';
export { standingAt, type ReadSteps } from './standing-at.js';
export { bookAt, stateAt } from './state-at.js';
export { firstKept, resumePoint, withState } from './resume-point.js';
export { diffStates, type ChannelChange } from './diff-states.js';
export { replacementIssues, type ReplacementIssue } from './replacement-issues.js';

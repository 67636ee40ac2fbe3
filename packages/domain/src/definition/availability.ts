import type { NodeType } from './definition.js';

/** Members of the language that an engine may run or not; a definition that uses one it lacks cannot be published. */
export const OPTIONAL_MEMBERS = ['compensate', 'open_wait_seconds', 'signal_url'] as const;
export type OptionalMember = (typeof OPTIONAL_MEMBERS)[number];

/** What this build's engine runs. The one place to extend when it learns more. */
export const RUNNABLE = {
  nodeTypes: new Set<NodeType>([
    'agent',
    'tool',
    'transform',
    'gate',
    'workflow',
    'function',
    'wait',
    'compensate',
    'fail',
  ]),
  members: new Set<OptionalMember>(['compensate', 'open_wait_seconds']),
} as const;

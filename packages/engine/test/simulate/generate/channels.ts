import type { ChannelDefinition } from '@aumos/agf-domain';
import type { Tape } from './tape.js';

/** Channels that any node may write: their reducers take several writers. */
export const SHARED = ['n', 'trail', 'seen', 'low', 'high', 'facts'] as const;

export function channels(tape: Tape, own: readonly string[]): Record<string, ChannelDefinition> {
  const schema = (percent: number, of: ChannelDefinition['schema']): Pick<ChannelDefinition, 'schema'> =>
    tape.chance(percent) && of !== undefined ? { schema: of } : {};
  return {
    n: { reducer: 'sum', ...schema(12, { type: 'number', maximum: 5 }) },
    trail: { reducer: 'append', ...schema(30, { type: 'array', items: { type: 'string' } }) },
    seen: { reducer: 'union' },
    low: { reducer: 'min' },
    high: { reducer: 'max', ...(tape.chance(30) ? { default: 1 } : {}) },
    facts: { reducer: 'merge', ...schema(30, { type: 'object' }) },
    both: {},
    ...Object.fromEntries(own.map((name) => [name, schema(15, { type: tape.pick(['integer', 'string', 'number']) })])),
  };
}

import type { Json } from '../../json/json.js';
import { type ChannelDefinition, END, START } from '../definition.js';
import { shown } from '../findings.js';
import { forEachTargets } from '../places.js';
import { writesOf } from '../channels.js';
import type { CheckContext } from './context.js';
import { compiledSchema } from './schemas.js';

/** Channels by themselves, and what writes them item by item. */
export const checkChannels = (context: CheckContext): void => {
  const { draft, findings } = context;
  for (const [name, { value: channel, pointer }] of draft.channels) {
    if (channel?.default === undefined) continue;
    const problem = defaultProblem(channel, channel.default);
    if (problem === undefined) continue;
    const message = `the default of channel ${shown(name)} ${problem}`;
    findings.error({ rule: 'DEFAULT_MISMATCH', message, pointer: `${pointer}/default` });
  }
  checkForEachWrites(context);
  checkCollected(context);
};

const defaultProblem = (channel: ChannelDefinition, value: Json): string | undefined => {
  const shape = shapeProblem(channel, value);
  if (shape !== undefined || channel.schema === undefined) return shape;
  const compiled = compiledSchema(channel.schema);
  if (!('check' in compiled)) return undefined;
  const [issue] = compiled.check(value);
  return issue && `does not match its schema: ${issue.message}`;
};

const shapeProblem = ({ reducer }: ChannelDefinition, value: Json): string | undefined => {
  switch (reducer) {
    case 'append':
    case 'union':
      return Array.isArray(value) ? undefined : `must be a list, as its reducer is ${reducer}`;
    case 'merge':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? undefined
        : 'must be an object, as its reducer is merge';
    case 'sum':
      return typeof value === 'number' ? undefined : 'must be a number, as its reducer is sum';
    case 'replace':
    case 'min':
    case 'max':
    case undefined:
      return undefined;
  }
};

/** All items of a for-each run in one step: each but the last write of a replace channel would be lost. */
const checkForEachWrites = ({ draft, findings }: CheckContext): void => {
  const targets = forEachTargets(draft);
  for (const { value: node, pointer } of draft.nodes) {
    if (node === undefined || node.id === START || node.id === END || !targets.has(node.id)) continue;
    for (const { channel, member } of writesOf(node)) {
      const definition = draft.channels.get(channel)?.value;
      if (definition === undefined || (definition.reducer ?? 'replace') !== 'replace') continue;
      const message = `${node.id} runs once for each item and writes channel ${channel}, whose reducer is replace`;
      const hint = `give ${channel} the reducer append, merge, sum, min, max or union`;
      findings.error({ rule: 'FOR_EACH_REPLACE', message, node: node.id, pointer: `${pointer}${member}`, hint });
    }
  }
};

/** `collect` appends to the channel `errors`; declared or not, it must be able to. */
const checkCollected = ({ draft, findings }: CheckContext): void => {
  const errors = draft.channels.get('errors')?.value;
  if (errors === undefined || errors.reducer === 'append') return;
  for (const [edge, { value, pointer }] of draft.edges.entries()) {
    if (value?.on_item_error !== 'collect') continue;
    const message = 'collect appends to the channel errors, whose reducer is not append';
    findings.error({ rule: 'COLLECT_CHANNEL', message, edge, pointer: `${pointer}/on_item_error` });
  }
};

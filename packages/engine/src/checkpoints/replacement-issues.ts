import {
  canonicalJson,
  checkedWrites,
  defaultOf,
  type ChannelDefinition,
  type Json,
  type JsonObject,
  type WorkflowDefinition,
} from '@aumos/agf-domain/runtime';
import { withImplicitChannels } from '../workflow/plan/channels.js';
import { own } from '../workflow/plan/own.js';

export interface ReplacementIssue {
  kind: 'unknown_channel' | 'schema';
  /** starts with the channel's name */
  pointer: string;
  message: string;
}

/**
 * What keeps these values from being the channels' own, past their reducers. A channel may always be given its default.
 * Pure.
 */
export function replacementIssues(definition: WorkflowDefinition, state: JsonObject): ReplacementIssue[] {
  const channels = withImplicitChannels(definition);
  return Object.entries(state).flatMap(([name, value]): ReplacementIssue[] => {
    const channel = own(channels, name);
    const pointer = `/${name}`;
    if (!channel) return [{ kind: 'unknown_channel', pointer, message: 'is not a channel of the workflow' }];
    return valueIssues(name, channel, value).map((issue) => ({ kind: 'schema', ...issue }));
  });
}

function valueIssues(name: string, channel: ChannelDefinition, value: Json): { pointer: string; message: string }[] {
  if (canonicalJson(value) === canonicalJson(defaultOf(channel))) return [];
  const isList = channel.reducer === 'append' || channel.reducer === 'union';
  // A write may be one item of the list; the channel's value is the list.
  if (isList && !Array.isArray(value)) return [{ pointer: `/${name}`, message: 'must be a list' }];
  return checkedWrites({ [name]: channel }, { [name]: value });
}

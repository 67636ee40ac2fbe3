import { END, type NodeDefinition, START } from './definition.js';

/** Names that no channel may take: `error` is written by the engine alone and always exists. */
export const RESERVED_CHANNELS: ReadonlySet<string> = new Set([START, END, 'error']);
/** Channels that `state` has without being declared; `errors` takes what `on_item_error: collect` appends. */
export const IMPLICIT_CHANNELS: ReadonlySet<string> = new Set(['error', 'errors']);

export interface ChannelWrite {
  channel: string;
  /** the member that names it, below the node */
  member: string;
}

/** What a node writes when it succeeds. */
export const writesOf = (node: NodeDefinition): ChannelWrite[] => {
  if (node.type === 'transform') {
    return Object.keys(node.set).map((channel) => ({ channel, member: pointerBelow('set', channel) }));
  }
  const writes: ChannelWrite[] = [];
  if ('output' in node && node.output !== undefined) writes.push({ channel: node.output, member: '/output' });
  if ('outputs' in node) {
    for (const channel of Object.keys(node.outputs ?? {})) {
      writes.push({ channel, member: pointerBelow('outputs', channel) });
    }
  }
  return writes;
};

const pointerBelow = (member: string, channel: string): string => `/${member}/${channel}`;

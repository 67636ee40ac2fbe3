import { RESERVED_CHANNELS } from '../channels.js';
import { END, type NodeDefinition, START } from '../definition.js';
import type { Draft } from '../draft.js';
import { type FindingList, pointerTo } from '../findings.js';
import { valuesOf } from '../places.js';
import { formsIn } from '../values.js';

/** What a node's or channel's schema cannot say: reserved names, duplicate ids, one of several members. */
export const checkNodeShapes = (draft: Draft, findings: FindingList): void => {
  checkIds(draft, findings);
  for (const [name, { pointer }] of draft.channels) {
    if (!RESERVED_CHANNELS.has(name)) continue;
    const message = `a channel cannot be called ${name}`;
    findings.error({ rule: 'RESERVED_NAME', message, pointer, hint: 'rename the channel; state.error exists anyway' });
  }
  for (const { value: node, pointer } of draft.nodes) {
    if (node !== undefined) checkSignalUrls(node, pointer, findings);
    if (node?.type === 'wait') {
      const given = (['seconds', 'until', 'signal'] as const).filter((member) => node[member] !== undefined);
      if (given.length === 1) continue;
      const message = `a wait node has exactly one of seconds, until, signal; here: ${given.join(', ') || 'none'}`;
      findings.error({ rule: 'WAIT_FORM', message, node: node.id, pointer });
    }
  }
};

const checkSignalUrls = (node: NodeDefinition, pointer: string, findings: FindingList): void => {
  for (const { value, member } of valuesOf(node, false)) {
    for (const form of formsIn(value ?? null, member)) {
      if (form.kind !== 'signal_url' || typeof form.signal === 'string') continue;
      const message = 'an object whose only member is signal_url names a signal: it must be a text';
      const at = `${pointer}${pointerTo([...form.path, 'signal_url'])}`;
      findings.error({ rule: 'WRONG_TYPE', message, node: node.id, pointer: at });
    }
  }
};

const checkIds = (draft: Draft, findings: FindingList): void => {
  const first = new Map<string, string>();
  for (const { id, pointer: node } of draft.nodes) {
    if (id === undefined) continue;
    const pointer = `${node}/id`;
    const before = first.get(id);
    if (id === START || id === END) {
      findings.error({ rule: 'RESERVED_NAME', message: `a node cannot be called ${id}`, node: id, pointer });
    } else if (before !== undefined) {
      const message = `the id ${id} is used twice, first at ${before}`;
      findings.error({ rule: 'DUPLICATE_NODE', message, node: id, pointer, hint: 'give each node its own id' });
    } else {
      first.set(id, pointer);
    }
  }
};

import type { OptionalMember } from '../availability.js';
import type { NodeDefinition } from '../definition.js';
import { valuesOf } from '../places.js';
import { formsIn } from '../values.js';
import type { CheckContext } from './context.js';

/** What the language has and the engine in use does not run yet. */
export const checkAvailability = ({ draft, catalog, findings }: CheckContext): void => {
  const hint = 'leave it out until the engine runs it';
  for (const { value: node, pointer } of draft.nodes) {
    if (node === undefined) continue;
    if (catalog.availableNodeTypes?.has(node.type) === false) {
      const message = `nodes of type ${node.type} are not available yet`;
      findings.error({ rule: 'NODE_TYPE_UNAVAILABLE', message, node: node.id, pointer: `${pointer}/type`, hint });
    }
    for (const member of optionalMembersOf(node)) {
      if (catalog.availableMembers?.has(member) !== false) continue;
      const message = `${member} is not available yet`;
      findings.error({ rule: 'MEMBER_UNAVAILABLE', message, node: node.id, pointer: `${pointer}/${member}`, hint });
    }
  }
};

const optionalMembersOf = (node: NodeDefinition): OptionalMember[] => {
  const members: OptionalMember[] = [];
  if (node.compensate !== undefined) members.push('compensate');
  if (node.open_wait_seconds !== undefined) members.push('open_wait_seconds');
  const forms = valuesOf(node, false).flatMap(({ value, member }) => [...formsIn(value ?? null, member)]);
  if (forms.some(({ kind }) => kind === 'signal_url')) members.push('signal_url');
  return members;
};

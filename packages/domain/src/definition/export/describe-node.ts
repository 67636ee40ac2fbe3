import type { NodeDefinition } from '../definition.js';

/** What a node does, in a few words: its type and what it calls. Texts come from the definition as they are. */
export const describeNode = (node: NodeDefinition): string => {
  switch (node.type) {
    case 'agent':
      return `agent ${node.agent}`;
    case 'tool':
      return `tool ${node.tool}`;
    case 'function':
      return `function ${node.handler}`;
    case 'transform':
      return `set ${Object.keys(node.set).join(', ')}`.trim();
    case 'gate':
      return `gate ${node.gate}`;
    case 'workflow':
      return `workflow ${node.workflow}${node.version === undefined ? '' : ` v${node.version}`}`;
    case 'wait':
      return node.signal === undefined ? 'wait' : `wait for ${node.signal}`;
    case 'compensate':
      return 'compensate';
    case 'fail':
      return `fail ${node.code}`;
  }
};

/** What holds for the node besides, each in a few words. */
export const notesOf = (node: NodeDefinition): string[] => [
  ...(node.type !== 'gate' && node.gate !== undefined ? [`gate ${node.gate}`] : []),
  ...(node.privilege_level === undefined ? [] : [`level ${node.privilege_level}`]),
  ...(node.on_open === 'CONTINUE' ? ['continues when a breaker is open'] : []),
  ...(node.compensate === undefined ? [] : [`undone by ${node.compensate.tool}`]),
];

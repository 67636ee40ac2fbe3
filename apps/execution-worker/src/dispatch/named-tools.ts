import type { ToolSpec, WorkflowDefinition } from '@aumos/agf-domain';
import type { BuiltinTools } from '@aumos/agf-tools';

/** The specs, as they are now, of every tool that a definition names. */
export function namedTools(tools: BuiltinTools, { nodes }: WorkflowDefinition): Record<string, ToolSpec> {
  const named = nodes.flatMap((node) => [
    ...(node.type === 'tool' ? [node.tool] : []),
    ...(node.compensate === undefined ? [] : [node.compensate.tool]),
  ]);
  const specs = [...new Set(named)].flatMap((name) => {
    const tool = tools.get(name);
    return tool ? [[name, tool.spec] as const] : [];
  });
  return Object.fromEntries(specs);
}

import type { JsonObject } from '@aumos/agf-domain';

/** Names that nodes of a type call, each once. Read with care: nothing of the definition is checked yet. */
export const calledBy = (definition: unknown, type: 'workflow' | 'agent'): string[] => {
  const nodes = isObject(definition) && Array.isArray(definition['nodes']) ? (definition['nodes'] as unknown[]) : [];
  const names = nodes.slice(0, 10_000).flatMap((node) => {
    const name = isObject(node) && node['type'] === type ? node[type] : undefined;
    return typeof name === 'string' ? [name] : [];
  });
  return [...new Set(names)];
};

/** Names of tools: of tool nodes, of what undoes, of agents' subsets. */
export const toolsNamedIn = (definition: unknown): string[] => {
  const nodes = isObject(definition) && Array.isArray(definition['nodes']) ? (definition['nodes'] as unknown[]) : [];
  const names = nodes.slice(0, 10_000).flatMap((node): unknown[] => {
    if (!isObject(node)) return [];
    const { tool, compensate, tools } = node as Record<string, unknown>;
    return [
      tool,
      isObject(compensate) ? compensate['tool'] : null,
      ...(Array.isArray(tools) ? (tools as unknown[]) : []),
    ];
  });
  return [...new Set(names)].filter((name) => typeof name === 'string');
};

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

import {
  BoundedCache,
  type BuiltinTool,
  CallerError,
  type FunctionTarget,
  type RateLimit,
  type RegisteredTool,
  type ToolRegistry,
  type ToolSpec,
  toolSpecOf,
  type WorkflowDefinition,
} from '@aumos/agf-domain';
import { type BuiltinTools } from './builtin-tools.js';
import { httpTool } from './registered/http/http-tool.js';
import { mcpTool } from './registered/mcp/mcp-tool.js';

interface Terms {
  rate_limit?: RateLimit | undefined;
  /** of one call, in the tenant's own unit */
  cost?: number | undefined;
}

/** A tool whose work a team's handler does. */
export interface TeamTool {
  spec: ToolSpec;
  function: FunctionTarget;
}

/** What a call runs, here or elsewhere. */
export type CallableTool = Terms & (BuiltinTool | TeamTool);

const KEPT = 500;
/** Any other names nothing; of a definition that nobody has checked yet, it may be anything. */
const NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** The tools that a tenant has: the built-in ones, which nothing shadows, and its own. */
export class ToolCatalog {
  /** by version, which never changes */
  private readonly kept = new BoundedCache<string, CallableTool>(KEPT);

  constructor(
    private readonly builtin: BuiltinTools,
    private readonly registry: ToolRegistry,
  ) {}

  /** By name, of those that there are: what a call of now gets. */
  async of(tenantId: string, names: Iterable<string>): Promise<Map<string, ToolSpec>> {
    const wanted = [...new Set(names)];
    const own = wanted.filter((name) => !this.builtin.specs.has(name) && NAME.test(name));
    const registered = await this.registry.newest(tenantId, own);
    return new Map(
      wanted.flatMap((name) => {
        const found = this.builtin.specs.get(name) ?? registered.get(name);
        return found ? [[name, toolSpecOf(found)]] : [];
      }),
    );
  }

  /** Of every tool that a definition calls, what undoes included. @param besides names of others, as agents have them */
  async specsOf(
    tenantId: string,
    definition: WorkflowDefinition,
    besides: readonly string[] = [],
  ): Promise<Record<string, ToolSpec>> {
    return Object.fromEntries(await this.of(tenantId, [...toolsIn(definition), ...besides]));
  }

  /** What a call of now runs. @throws CallerError `TOOL_CHANGED` while somebody has to look at it first */
  async callable(tenantId: string, name: string): Promise<CallableTool | null> {
    const builtin = this.builtin.get(name);
    if (builtin) return builtin;
    const tool = NAME.test(name) ? (await this.registry.newest(tenantId, [name])).get(name) : undefined;
    if (!tool) return null;
    if (tool.held)
      throw new CallerError('TOOL_CHANGED', `${name} has changed at its server: somebody has to review it first`);
    return this.kept.get(tool.id, () => callableOf(tool));
  }

  /** What a call that was admitted is measured by, whatever became of the tool since. */
  async called(tenantId: string, name: string, version: number): Promise<{ spec: ToolSpec } & Terms> {
    const tool = await this.registry.version(tenantId, name, version);
    if (!tool) throw new CallerError('TOOL_NOT_FOUND', `there is no version ${String(version)} of the tool ${name}`);
    const { rate_limit, cost } = tool;
    return { spec: toolSpecOf(tool), rate_limit, cost };
  }
}

function callableOf(tool: RegisteredTool): CallableTool {
  const { rate_limit, cost } = tool;
  const terms = { rate_limit, cost };
  switch (tool.kind) {
    case 'http':
      return { ...httpTool(tool), ...terms };
    case 'mcp':
      return { ...mcpTool(tool), ...terms };
    case 'function':
      return { spec: toolSpecOf(tool), function: tool.function, ...terms };
  }
}

const toolsIn = ({ nodes }: WorkflowDefinition): string[] =>
  nodes.flatMap((node) => [
    ...(node.type === 'tool' ? [node.tool] : []),
    ...(node.compensate === undefined ? [] : [node.compensate.tool]),
  ]);

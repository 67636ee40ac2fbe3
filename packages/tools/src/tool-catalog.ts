import {
  BoundedCache,
  type BuiltinTool,
  type RateLimit,
  type ToolRegistry,
  type ToolSpec,
  toolSpecOf,
  type WorkflowDefinition,
} from '@aumos/agf-domain';
import { type BuiltinTools } from './builtin-tools.js';
import { httpTool } from './registered/http/http-tool.js';

/** What a call runs. */
export interface CallableTool extends BuiltinTool {
  rate_limit?: RateLimit | undefined;
  /** of one call, in the tenant's own unit */
  cost?: number | undefined;
}

const KEPT = 500;
/** Any other names nothing; of a definition that nobody has checked yet, it may be anything. */
const NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** The tools that a tenant has: the built-in ones, which nothing shadows, and its own. */
export class ToolCatalog {
  /** by version and level: a version never changes otherwise */
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

  /** What a call runs: of the tenant's own tools this very version, while it is enabled. */
  async callable(tenantId: string, name: string, version: number): Promise<CallableTool | null> {
    const builtin = this.builtin.get(name);
    if (builtin) return builtin;
    const tool = NAME.test(name) ? await this.registry.version(tenantId, name, version) : null;
    if (!tool) return null;
    const { id, min_privilege_level, rate_limit, cost } = tool;
    return this.kept.get(`${id} ${String(min_privilege_level)}`, () => ({ ...httpTool(tool), rate_limit, cost }));
  }
}

const toolsIn = ({ nodes }: WorkflowDefinition): string[] =>
  nodes.flatMap((node) => [
    ...(node.type === 'tool' ? [node.tool] : []),
    ...(node.compensate === undefined ? [] : [node.compensate.tool]),
  ]);

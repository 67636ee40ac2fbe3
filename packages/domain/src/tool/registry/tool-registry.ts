import type { RegisteredTool } from './tool-definition.js';

/** Tenants' own tools. */
export abstract class ToolRegistry {
  /** By name, of those that exist and are enabled: the newest version that is. */
  abstract newest(tenantId: string, names: readonly string[]): Promise<ReadonlyMap<string, RegisteredTool>>;

  /** Null unless it is enabled. Its level is at least the newest one's: what was raised since holds for it, too. */
  abstract version(tenantId: string, name: string, version: number): Promise<RegisteredTool | null>;
}

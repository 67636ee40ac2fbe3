import type { RegisteredTool } from './tool-definition.js';

/** Tenants' own tools. */
export abstract class ToolRegistry {
  /** By name, of those that exist and are enabled, or held for a review: the newest version. */
  abstract newest(tenantId: string, names: readonly string[]): Promise<ReadonlyMap<string, RegisteredTool>>;

  /** One version, whether or not it is called any more. */
  abstract version(tenantId: string, name: string, version: number): Promise<RegisteredTool | null>;
}

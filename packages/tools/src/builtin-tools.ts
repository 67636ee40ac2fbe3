import { type BuiltinTool, type ToolSpec } from '@aumos/agf-domain';
import { csvProfile } from './builtin/csv-profile/csv-profile.js';
import { tableLoad } from './builtin/table-load/table-load.js';

const BUILT_IN: readonly BuiltinTool[] = [csvProfile, tableLoad];

/** The tools every tenant has. */
export class BuiltinTools {
  readonly #tools = new Map(BUILT_IN.map((tool) => [tool.spec.name, tool]));
  /** by name: what the validator of definitions wants to know */
  readonly specs: ReadonlyMap<string, ToolSpec> = new Map(BUILT_IN.map(({ spec }) => [spec.name, spec]));

  list(): ToolSpec[] {
    return [...this.specs.values()];
  }

  get(name: string): BuiltinTool | undefined {
    return this.#tools.get(name);
  }
}

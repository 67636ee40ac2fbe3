import {
  type DefinitionCatalog,
  versionsUpTo,
  WORKFLOW_NAME_PATTERN,
  type WorkflowInfo,
  workflowInfoOf,
} from '@aumos/agf-domain';
import { DefinitionsRepository, TenantDb, WorkflowEntity, type WorkflowVersionEntity } from '@aumos/agf-persistence';
import { ToolCatalog } from '@aumos/agf-tools';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { calledBy, toolsNamedIn } from './called-by.js';

/** Definitions are up to 1 MiB each: of this many it is read what they call in turn. */
const LOOKED_INTO = 100;

/** The tenant's workflows that a definition calls, and those that they call, and so on. */
@Injectable()
export class CalledWorkflows {
  constructor(
    private readonly db: TenantDb,
    private readonly definitions: DefinitionsRepository,
    private readonly tools: ToolCatalog,
  ) {}

  /**
   * By name; what the tenant has none of is not in it. Every name of the definition is looked up; beyond 100 workflows
   * only which versions there are, not what they call.
   * @param definition as it was sent
   */
  async of(
    tenantId: string,
    definition: unknown,
    catalog: DefinitionCatalog,
  ): Promise<ReadonlyMap<string, WorkflowInfo>> {
    const found = new Map<string, WorkflowInfo>();
    let names = calledBy(definition, 'workflow').filter((name) => WORKFLOW_NAME_PATTERN.test(name));
    if (names.length === 0) return found;
    return this.db.run(tenantId, async (em) => {
      for (let looked = 0; names.length > 0;) {
        const rows = await em.find(WorkflowEntity, { where: { name: In(names) } });
        for (const row of rows) {
          const version = (looked += 1) <= LOOKED_INTO ? await this.definitions.getVersion(row.id) : null;
          found.set(
            row.name,
            version
              ? await this.infoOf(version, row.latest_version, catalog)
              : { versions: versionsUpTo(row.latest_version), calls: [] },
          );
        }
        const next = new Set(rows.flatMap(({ name }) => found.get(name)?.calls ?? []));
        names = [...next].filter((name) => !found.has(name));
        if (looked > LOOKED_INTO || rows.length === 0) break;
      }
      return found;
    });
  }

  /** Its tools are others than those of the workflow that calls it. */
  private async infoOf(
    { tenant_id, definition }: WorkflowVersionEntity,
    latest: number,
    catalog: DefinitionCatalog,
  ): Promise<WorkflowInfo> {
    const tools = await this.tools.of(tenant_id, toolsNamedIn(definition));
    return workflowInfoOf(definition, latest, { ...catalog, tools });
  }
}

import { DefinitionsRepository, type DefinitionsQuery, TenantDb } from '@aumos/agf-persistence';
import { notFound, type Page, pageOf, type PageQuery } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { versionView, workflowDetailView, workflowView } from './workflow.convert.js';
import type { VersionView, WorkflowDetailView, WorkflowView } from './workflow.view.js';

/** Workflows and their versions, as they are. What another tenant has does not exist. */
@Injectable()
export class ReadWorkflows {
  constructor(
    private readonly db: TenantDb,
    private readonly definitions: DefinitionsRepository,
  ) {}

  async list(tenantId: string, query: DefinitionsQuery & PageQuery): Promise<Page<WorkflowView>> {
    return this.db.run(tenantId, async () => {
      const { items, total } = await this.definitions.list(query);
      return pageOf(items.map(workflowView), total, query);
    });
  }

  async get(tenantId: string, id: string): Promise<WorkflowDetailView> {
    return this.db.run(tenantId, async () => {
      const workflow = await this.definitions.get(id);
      const version = workflow && (await this.definitions.getVersion(id));
      if (!version) throw notFound();
      return workflowDetailView(workflow, version);
    });
  }

  async versions(tenantId: string, id: string, query: PageQuery): Promise<Page<VersionView>> {
    return this.db.run(tenantId, async () => {
      if (!(await this.definitions.get(id))) throw notFound();
      const { items, total } = await this.definitions.listVersions(id, query);
      return pageOf(items.map(versionView), total, query);
    });
  }

  async version(tenantId: string, id: string, version: number): Promise<VersionView> {
    return this.db.run(tenantId, async () => {
      const found = await this.definitions.getVersion(id, version);
      if (!found) throw notFound();
      return versionView(found);
    });
  }
}

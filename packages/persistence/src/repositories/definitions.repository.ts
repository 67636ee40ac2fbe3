import { randomUUID } from 'node:crypto';
import { type Finding, type JsonObject, type WorkflowDefinition } from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { WorkflowEntity, WorkflowVersionEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne, findPage, getOne, given } from './find.js';
import { direction, type Page, type PageQuery } from './page.js';
import { insert, insertOnce } from './write.js';

export interface NewVersion {
  definition: WorkflowDefinition;
  /** SHA-256 (hex) of the canonical definition */
  content_hash: string;
  warnings: Finding[];
  agents?: JsonObject;
  published_by: string;
}
export interface DefinitionsQuery extends PageQuery {
  sort_by?: 'created_at' | 'updated_at' | 'name';
  /** exact */
  name?: string;
}

/** Workflow definitions and their versions. Every method needs an open tenant scope. */
@Injectable()
export class DefinitionsRepository {
  constructor(private readonly db: TenantDb) {}

  /** Version 1 of a new name. Null when the tenant already has the name. */
  async createWithVersion(
    workflow: { id?: string; name: string; description?: string | null; created_by: string },
    version: NewVersion,
  ): Promise<{ workflow: WorkflowEntity; version: WorkflowVersionEntity } | null> {
    const id = workflow.id ?? randomUUID();
    const row = { ...workflow, id, tenant_id: this.db.tenantId, latest_version: 1 };
    if (!(await insertOnce(this.db.em, WorkflowEntity, row))) return null;
    const first = await this.insertVersion(id, 1, version);
    return { workflow: await getOne(this.db.em, WorkflowEntity, { id }), version: first };
  }

  /** The next version. Two at once get two numbers: the counter's row is locked. Null when there is no such workflow. */
  async addVersion(workflowId: string, version: NewVersion): Promise<WorkflowVersionEntity | null> {
    const counted = await this.db.em
      .createQueryBuilder()
      .update(WorkflowEntity)
      .set({ latest_version: () => 'latest_version + 1', description: version.definition.description ?? null })
      .where('id = :workflowId', { workflowId })
      .returning(['latest_version'])
      .execute();
    const next = (counted.raw as { latest_version: number }[])[0]?.latest_version;
    return next === undefined ? null : this.insertVersion(workflowId, next, version);
  }

  async get(id: string): Promise<WorkflowEntity | null> {
    return findOne(this.db.em, WorkflowEntity, { id });
  }

  async findByName(name: string): Promise<WorkflowEntity | null> {
    return findOne(this.db.em, WorkflowEntity, { name });
  }

  async list(query: DefinitionsQuery = {}): Promise<Page<WorkflowEntity>> {
    const order = direction(query);
    return findPage(
      this.db.em,
      WorkflowEntity,
      given({ name: query.name }),
      { [query.sort_by ?? 'created_at']: order, id: order },
      query,
    );
  }

  async getVersion(workflowId: string, version: number | 'latest' = 'latest'): Promise<WorkflowVersionEntity | null> {
    return this.db.em.findOne(WorkflowVersionEntity, {
      where: version === 'latest' ? { workflow_id: workflowId } : { workflow_id: workflowId, version },
      order: { version: 'DESC' },
    });
  }

  /** Newest first. */
  async listVersions(workflowId: string, query: PageQuery = {}): Promise<Page<WorkflowVersionEntity>> {
    return findPage(
      this.db.em,
      WorkflowVersionEntity,
      { workflow_id: workflowId },
      { version: direction(query) },
      query,
    );
  }

  private async insertVersion(workflowId: string, number: number, version: NewVersion): Promise<WorkflowVersionEntity> {
    const row = { ...version, agents: version.agents ?? {}, workflow_id: workflowId, version: number };
    const id = await insert(this.db.em, WorkflowVersionEntity, { ...row, tenant_id: this.db.tenantId });
    return getOne(this.db.em, WorkflowVersionEntity, { id });
  }
}

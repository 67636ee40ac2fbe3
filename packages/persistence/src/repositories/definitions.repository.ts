import { randomUUID } from 'node:crypto';
import {
  type BreakerSettings,
  type Finding,
  type JsonObject,
  type JsonSchema,
  personOf,
  type PrivilegeLevel,
  type WorkflowDefinition,
} from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { WorkflowEntity, WorkflowVersionEntity } from '../entities/index.js';
import { TenantDb } from '../tenant/tenant-db.js';
import { findOne, findPage, getOne, given } from './find.js';
import { HELD_START, type HeldStart, heldStart } from './held-start.js';
import { bounds, direction, type Page, type PageQuery } from './page.js';
import { insert, insertOnce } from './write.js';

export interface NewVersion {
  definition: WorkflowDefinition;
  /** SHA-256 (hex) of the canonical definition */
  content_hash: string;
  warnings: Finding[];
  agents?: JsonObject;
  /** by name: the version that a call without one means */
  called_versions?: Record<string, number>;
  /** by name: what its tools need now */
  tool_levels?: Record<string, PrivilegeLevel>;
  published_by: string;
}
export interface DefinitionsQuery extends PageQuery {
  sort_by?: 'created_at' | 'updated_at' | 'name';
  /** exact */
  name?: string;
}

/** What a start needs to know. */
export interface StartingPoint {
  version: number;
  content_hash: string;
  input: JsonSchema | null;
  circuit_breaker: BreakerSettings | null;
  /** the tenant's own; null: the platform's */
  tenant_breaker: BreakerSettings | null;
  limits: WorkflowDefinition['limits'] | null;
  /** the starter's own level in the tenant; null for nobody's member */
  grant: PrivilegeLevel | null;
}

/** Of a definition, which may be long, only what is looked at. $1 workflow, $2 version or null, $3 sub, $4 its person */
const STARTING_POINT = `
  select v.version, v.content_hash, v.definition->'input' as input, v.definition->'circuit_breaker' as circuit_breaker,
    v.definition->'limits' as limits, b.settings as tenant_breaker,
    (select min(m.privilege_level) from agf_members m
      where m.tenant_id = v.tenant_id and m.origin = 'granted' and (m.sub = $3 or m.person = $4)) as grant
  from agf_workflow_versions v left join agf_breaker_settings b on b.tenant_id = v.tenant_id
  where v.workflow_id = $1::uuid and ($2::int is null or v.version = $2::int)
  order by v.version desc limit 1`;

/** Workflow definitions and their versions. Every method but `startingPoint` needs an open tenant scope. */
@Injectable()
export class DefinitionsRepository {
  constructor(private readonly db: TenantDb) {}

  /** Version 1 of a new name. Null when the tenant already has the name. */
  async createWithVersion(
    workflow: { id?: string; name: string; description?: string | null; created_by: string; agent_id?: string },
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

  /** The one that the agent's invocations run. */
  async ofAgent(agentId: string): Promise<WorkflowEntity | null> {
    return findOne(this.db.em, WorkflowEntity, { agent_id: agentId });
  }

  async findByName(name: string): Promise<WorkflowEntity | null> {
    return findOne(this.db.em, WorkflowEntity, { name });
  }

  /** Those that were published. */
  async list(query: DefinitionsQuery = {}): Promise<Page<WorkflowEntity>> {
    const order = direction(query);
    const [items, total] = await this.db.em.findAndCount(WorkflowEntity, {
      where: { ...given({ name: query.name }), agent_id: IsNull() },
      order: { [query.sort_by ?? 'created_at']: order, id: order },
      ...bounds(query),
    });
    return { items, total };
  }

  async getVersion(workflowId: string, version: number | 'latest' = 'latest'): Promise<WorkflowVersionEntity | null> {
    return this.db.em.findOne(WorkflowVersionEntity, {
      where: version === 'latest' ? { workflow_id: workflowId } : { workflow_id: workflowId, version },
      order: { version: 'DESC' },
    });
  }

  /**
   * In one trip: a version (null: the newest) as a start by `sub` sees it, null when there is none; and the start that
   * its idempotency key was used for already, null when it was for none.
   */
  async startingPoint(
    tenantId: string,
    workflowId: string,
    version: number | null,
    sub: string,
    key?: { scope: string; key: string },
  ): Promise<{ from: StartingPoint | null; held: HeldStart | null }> {
    const point = {
      name: 'agf_starting_point',
      text: STARTING_POINT,
      values: [workflowId, version, sub, personOf(sub)],
    };
    const lookup = key && [{ name: 'agf_held_start', text: HELD_START, values: [key.scope, key.key] }];
    const [rows, held] = await this.db.send(tenantId, [point, ...(lookup ?? [])]);
    return { from: (rows?.[0] as StartingPoint | undefined) ?? null, held: heldStart(held?.[0]) };
  }

  /** Of each workflow the newest version, by workflow id, after that one, at most so many. */
  async newestVersions({
    after,
    most,
  }: {
    after?: string | undefined;
    most: number;
  }): Promise<WorkflowVersionEntity[]> {
    const rows = this.db.em
      .createQueryBuilder(WorkflowVersionEntity, 'v')
      .innerJoin(
        WorkflowEntity,
        'w',
        'w.tenant_id = v.tenant_id and w.id = v.workflow_id and w.latest_version = v.version',
      )
      .orderBy('v.workflow_id', 'ASC')
      .limit(most);
    if (after !== undefined) rows.where('v.workflow_id > :after', { after });
    return rows.getMany();
  }

  /** Whether any version has a function node of this handler. */
  async callsHandler(handler: string): Promise<boolean> {
    const nodes = JSON.stringify({ nodes: [{ type: 'function', handler }] });
    return this.db.em
      .createQueryBuilder(WorkflowVersionEntity, 'v')
      .where('v.definition @> :nodes::jsonb', { nodes })
      .getExists();
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
    const { agents = {}, called_versions = {}, tool_levels = {} } = version;
    const row = { ...version, agents, called_versions, tool_levels, workflow_id: workflowId, version: number };
    const id = await insert(this.db.em, WorkflowVersionEntity, { ...row, tenant_id: this.db.tenantId });
    return getOne(this.db.em, WorkflowVersionEntity, { id });
  }
}

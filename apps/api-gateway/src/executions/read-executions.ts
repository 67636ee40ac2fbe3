import {
  type ExecutionEntity,
  ExecutionsRepository,
  TenantDb,
  TracesRepository,
  VisitsRepository,
} from '@aumos/agf-persistence';
import { notFound, type Page, pageOf } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { executionView, traceView, visitView } from './execution.convert.js';
import type { ExecutionsQueryDto, TracesQueryDto, VisitsQueryDto } from './execution.dto.js';
import type { ExecutionView, TraceView, VisitView } from './execution.view.js';
import { withDates } from './with-dates.js';

const HISTORY = 100;

/** Executions, their visits and traces, as they are. What another tenant has does not exist. */
@Injectable()
export class ReadExecutions {
  constructor(
    private readonly db: TenantDb,
    private readonly executions: ExecutionsRepository,
    private readonly visits: VisitsRepository,
    private readonly traces: TracesRepository,
  ) {}

  async list(
    tenantId: string,
    query: ExecutionsQueryDto,
  ): Promise<Page<ExecutionView> & { next_cursor: string | null }> {
    const { root_only, ...filter } = query;
    return this.db.run(tenantId, async () => {
      const { items, total, next_cursor } = await this.executions.list({
        ...withDates(filter),
        root_only: root_only === 'true',
      });
      const views = items.map((row) => executionView(row));
      const page = pageOf(views, total, query);
      const has_next = query.cursor === undefined ? page.has_next : next_cursor !== null;
      return { ...page, has_next, next_cursor };
    });
  }

  async get(tenantId: string, id: string): Promise<ExecutionView> {
    return this.db.run(tenantId, async () => {
      const row = await this.row(id);
      const { items } = await this.visits.listOf(id, { page_size: HISTORY });
      return executionView(row, items);
    });
  }

  /** @param workflowId must be the execution's */
  async ofWorkflow(tenantId: string, id: string, workflowId: string): Promise<ExecutionEntity> {
    return this.db.run(tenantId, async () => {
      const row = await this.row(id);
      if (row.workflow_id !== workflowId) throw notFound();
      return row;
    });
  }

  async visitsOf(tenantId: string, id: string, query: VisitsQueryDto): Promise<Page<VisitView>> {
    return this.db.run(tenantId, async () => {
      await this.row(id);
      const { items, total } = await this.visits.listOf(id, query);
      return pageOf(items.map(visitView), total, query);
    });
  }

  async tracesOf(tenantId: string, id: string, query: TracesQueryDto): Promise<Page<TraceView>> {
    return this.db.run(tenantId, async () => {
      await this.row(id);
      const { items, total } = await this.traces.list(id, query);
      return pageOf(items.map(traceView), total, query);
    });
  }

  private async row(id: string): Promise<ExecutionEntity> {
    const row = await this.executions.get(id);
    if (!row) throw notFound();
    return row;
  }
}

import { type Actor, ApiError, type WorkflowDefinition } from '@aumos/agf-domain';
import { compareExecution, type ExecutionComparison, type RecordedExecution } from '@aumos/agf-engine/compare';
import {
  SimulationError,
  SimulationLimitError,
  SimulationsBusyError,
  SimulationThreads,
} from '@aumos/agf-engine/simulate';
import { DefinitionsRepository, type ExecutionEntity, ExecutionsRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { BuiltinTools } from '@aumos/agf-tools';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CheckDefinition } from '../check-definition.js';
import { type CompareDto, MOST_COMPARED } from './compare.dto.js';
import type { ComparisonView, NotComparedView } from './comparison.view.js';
import { type NotComparable, RecordedExecutions } from './recorded-executions.js';

type Found = { execution_id: string } & (
  { recorded: RecordedExecution; recordedOn: WorkflowDefinition } | { reason: NotComparable }
);

/** What executions of a workflow would have been on another version, with what was recorded of them. Nothing is written. */
@Injectable()
export class CompareVersions implements OnApplicationShutdown {
  private readonly threads = new SimulationThreads({ threads: 1 });

  constructor(
    private readonly db: TenantDb,
    private readonly definitions: DefinitionsRepository,
    private readonly executions: ExecutionsRepository,
    private readonly recorded: RecordedExecutions,
    private readonly check: CheckDefinition,
    private readonly tools: BuiltinTools,
  ) {}

  /**
   * Executions of other workflows are not found.
   * @throws ApiError NOT_FOUND, VALIDATION_ERROR, INVALID_DEFINITION, SERVICE_UNAVAILABLE
   */
  async run(actor: Actor, workflowId: string, body: CompareDto): Promise<ComparisonView> {
    const { tenant_id } = actor;
    const on = await this.versionOf(tenant_id, workflowId, body);
    const found = await this.db.run(tenant_id, () => this.findOf(workflowId, body));
    const compared: ExecutionComparison[] = [];
    const not_compared: NotComparedView[] = [];
    for (const each of found) {
      const { execution_id } = each;
      const result = 'reason' in each ? each.reason : await this.compare(each, on);
      if (typeof result === 'string') not_compared.push({ execution_id, reason: result });
      else compared.push(result);
    }
    return { workflow_id: workflowId, same: compared.every(({ same }) => same), compared, not_compared };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.threads.close();
  }

  private async versionOf(
    tenantId: string,
    workflowId: string,
    { graph_definition, version }: CompareDto,
  ): Promise<WorkflowDefinition> {
    if (graph_definition !== undefined && version !== undefined)
      throw new ApiError('VALIDATION_ERROR', 'The request is not valid.', {
        fields: [{ field: 'version', error: 'must not be there beside graph_definition' }],
      });
    const published = await this.db.run(tenantId, () => this.definitions.getVersion(workflowId, version));
    if (!published) throw notFound();
    if (graph_definition === undefined) return published.definition;
    const { name } = published.definition;
    return (await this.check.publishable(tenantId, { name, graph_definition })).definition;
  }

  private async findOf(workflowId: string, body: CompareDto): Promise<Found[]> {
    const versions = new Map<number, WorkflowDefinition>();
    const found: Found[] = [];
    for (const execution of await this.wanted(workflowId, body)) {
      const { workflow_version: version, id: execution_id } = execution;
      const recordedOn = versions.get(version) ?? (await this.definitions.getVersion(workflowId, version))?.definition;
      if (!recordedOn) throw notFound();
      versions.set(version, recordedOn);
      const recorded = await this.recorded.of(execution, recordedOn.name);
      found.push(
        typeof recorded === 'string' ? { execution_id, reason: recorded } : { execution_id, recorded, recordedOn },
      );
    }
    return found;
  }

  private async wanted(workflow_id: string, { execution_ids, newest = 10 }: CompareDto): Promise<ExecutionEntity[]> {
    if (execution_ids === undefined) {
      const { items } = await this.executions.list({ workflow_id, page_size: MOST_COMPARED * 5 });
      return items.filter(({ status }) => status === 'completed' || status === 'failed').slice(0, newest);
    }
    const rows = await Promise.all([...new Set(execution_ids)].map((id) => this.executions.get(id)));
    return rows.map((row) => {
      if (row?.workflow_id !== workflow_id) throw notFound();
      return row;
    });
  }

  private async compare(
    { recorded, recordedOn }: Extract<Found, { recorded: unknown }>,
    on: WorkflowDefinition,
  ): Promise<ExecutionComparison | 'too_long' | 'unanswered'> {
    try {
      const versions = { recordedOn, on, tools: this.tools.specsOf(on) };
      return await compareExecution(recorded, versions, (definition, script) =>
        this.threads.simulate(definition, script),
      );
    } catch (error) {
      if (error instanceof SimulationLimitError) return 'too_long';
      if (error instanceof SimulationError) return 'unanswered';
      if (error instanceof SimulationsBusyError)
        throw new ApiError('SERVICE_UNAVAILABLE', `${error.message}.`, { retry_after_seconds: 5 });
      throw error;
    }
  }
}

import { type Actor, invalidField, jsonSize, type WorkflowDefinition } from '@aumos/agf-domain';
import { compareExecution, type ExecutionComparison } from '@aumos/agf-engine/compare';
import { SimulationError, SimulationLimitError, SimulationThreads } from '@aumos/agf-engine/simulate';
import { DefinitionsRepository, type RecordingHead, RecordingsRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { ToolCatalog } from '@aumos/agf-tools';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CheckDefinition } from '../check-definition.js';
import type { CompareDto } from './compare.dto.js';
import { ComparisonLimits } from './comparison-limits.js';
import { ComparisonTurns } from './comparison-turns.js';
import type { ComparisonView, NotComparedView } from './comparison.view.js';
import { RecordedExecutions } from './recorded-executions.js';

/** Whoever asked, as far as it matters how long. */
export interface Caller {
  /** nobody waits for the answer any more */
  gone: () => boolean;
}

type Compared = ExecutionComparison | NotComparedView['reason'];

/** What executions of a workflow would have been on another version, with what was recorded of them. Nothing is written. */
@Injectable()
export class CompareVersions implements OnApplicationShutdown {
  private readonly threads = new SimulationThreads({ threads: 1 });

  constructor(
    private readonly db: TenantDb,
    private readonly definitions: DefinitionsRepository,
    private readonly recordings: RecordingsRepository,
    private readonly recorded: RecordedExecutions,
    private readonly check: CheckDefinition,
    private readonly tools: ToolCatalog,
    private readonly turns: ComparisonTurns,
    private readonly limits: ComparisonLimits,
  ) {}

  /**
   * One execution after the other is read, compared and forgotten; those that no time or room is left for are too long.
   * Executions of other workflows are not found.
   * @throws ApiError NOT_FOUND, VALIDATION_ERROR, INVALID_DEFINITION, RATE_LIMIT_EXCEEDED, SERVICE_UNAVAILABLE
   */
  async run(actor: Actor, workflowId: string, body: CompareDto, caller: Caller): Promise<ComparisonView> {
    const { tenant_id } = actor;
    const until = Date.now() + this.limits.requestMs;
    // What is not there is not found, whatever else is under way.
    const on = await this.versionOf(tenant_id, workflowId, body);
    const heads = await this.db.run(tenant_id, () => this.wanted(workflowId, body));
    return this.turns.ofTenant(tenant_id, async () => {
      const compared: ExecutionComparison[] = [];
      const not_compared: NotComparedView[] = [];
      let bytesLeft = this.limits.answerBytes;
      for (const head of heads) {
        if (caller.gone()) break;
        const result = await this.turns.take(until - Date.now(), () => this.compare(tenant_id, head, on));
        const size = typeof result === 'object' ? jsonSize(result) : 0;
        if (result === null || size > bytesLeft) not_compared.push({ execution_id: head.id, reason: 'too_long' });
        else if (typeof result === 'string') not_compared.push({ execution_id: head.id, reason: result });
        else compared.push(result);
        if (size <= bytesLeft) bytesLeft -= size;
      }
      return { workflow_id: workflowId, same: compared.every(({ same }) => same), compared, not_compared };
    });
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
      throw invalidField('version', 'must not be there beside graph_definition');
    const published = await this.db.run(tenantId, () => this.definitions.getVersion(workflowId, version));
    if (!published) throw notFound();
    if (graph_definition === undefined) return published.definition;
    const { name } = published.definition;
    return (await this.check.publishable(tenantId, { name, graph_definition })).definition;
  }

  private async wanted(workflow_id: string, { execution_ids, newest = 10 }: CompareDto): Promise<RecordingHead[]> {
    if (execution_ids === undefined) return this.recordings.newest(workflow_id, newest);
    const heads = await Promise.all([...new Set(execution_ids)].map((id) => this.recordings.head(id)));
    return heads.map((head) => {
      if (head?.workflow_id !== workflow_id) throw notFound();
      return head;
    });
  }

  private async compare(tenantId: string, head: RecordingHead, on: WorkflowDefinition): Promise<Compared> {
    const found = await this.db.run(tenantId, async () => {
      const version = await this.definitions.getVersion(head.workflow_id, head.workflow_version);
      if (!version) throw notFound();
      const { definition } = version;
      const recorded = await this.recorded.of(head, definition.name);
      return typeof recorded === 'string' ? recorded : { recorded, recordedOn: definition };
    });
    if (typeof found === 'string') return found;
    const versions = { recordedOn: found.recordedOn, on, tools: await this.tools.specsOf(tenantId, on) };
    try {
      return await compareExecution(found.recorded, versions, (definition, script) =>
        this.threads.simulate(definition, script),
      );
    } catch (error) {
      if (error instanceof SimulationLimitError) return 'too_long';
      if (error instanceof SimulationError) return 'unanswered';
      throw error;
    }
  }
}

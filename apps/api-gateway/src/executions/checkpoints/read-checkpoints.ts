import type { WorkflowDefinition } from '@aumos/agf-domain';
import { diffStates, standingAt, type Standing } from '@aumos/agf-engine/checkpoints';
import {
  DefinitionsRepository,
  ExecutionsRepository,
  type Step,
  StepsRepository,
  TenantDb,
} from '@aumos/agf-persistence';
import { notFound, type Page, pageOf } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { checkpointDetailView, checkpointView } from './checkpoint.convert.js';
import type { CheckpointsQueryDto } from './checkpoint.dto.js';
import type { CheckpointDetailView, CheckpointDiffView, CheckpointView } from './checkpoint.view.js';

/** Steps that are held at once while a state is folded from all of them. */
const STEPS_AT_ONCE = 100;

/** What each step of an execution began with. What another tenant has does not exist. */
@Injectable()
export class ReadCheckpoints {
  constructor(
    private readonly db: TenantDb,
    private readonly executions: ExecutionsRepository,
    private readonly definitions: DefinitionsRepository,
    private readonly steps: StepsRepository,
  ) {}

  async list(tenantId: string, executionId: string, query: CheckpointsQueryDto): Promise<Page<CheckpointView>> {
    return this.db.run(tenantId, async () => {
      if (!(await this.executions.get(executionId))) throw notFound();
      const { items, total } = await this.steps.page(executionId, query);
      const ends = await this.steps.endsOf(
        executionId,
        items.map(({ step }) => step),
      );
      return pageOf(
        items.map((step) => checkpointView(step, ends.get(step.step))),
        total,
        query,
      );
    });
  }

  /** @throws ApiError NOT_FOUND */
  async get(tenantId: string, executionId: string, step: number): Promise<CheckpointDetailView> {
    return this.db.run(tenantId, async () => {
      const { row, definition } = await this.found(executionId, step);
      const ends = await this.steps.endsOf(executionId, [step]);
      return checkpointDetailView(row, ends.get(step), await this.standing(definition, executionId, step));
    });
  }

  /** @param against default: the one before @throws ApiError NOT_FOUND */
  async diff(tenantId: string, executionId: string, step: number, against?: number): Promise<CheckpointDiffView> {
    return this.db.run(tenantId, async () => {
      const { definition } = await this.found(executionId, step);
      const isFirst = !(await this.steps.find(executionId, step - 1));
      const other = against ?? (isFirst ? null : step - 1);
      if (other === null) return { step, against: null, changes: [] };
      if (!(await this.steps.find(executionId, other))) throw notFound();
      const earlier = await this.standing(definition, executionId, Math.min(step, other));
      const later = await this.standing(definition, executionId, Math.max(step, other), earlier);
      const [before, after] = other <= step ? [earlier, later] : [later, earlier];
      return { step, against: other, changes: diffStates(before.state, after.state) };
    });
  }

  private async found(executionId: string, step: number): Promise<{ row: Step; definition: WorkflowDefinition }> {
    const execution = await this.executions.get(executionId);
    const row = execution && (await this.steps.find(executionId, step));
    if (!row) throw notFound();
    const version = await this.definitions.getVersion(execution.workflow_id, execution.workflow_version);
    if (!version) throw notFound();
    return { row, definition: version.definition };
  }

  /** @param from where it stood at an earlier step */
  private async standing(
    definition: WorkflowDefinition,
    executionId: string,
    step: number,
    from?: Standing,
  ): Promise<Standing> {
    const read = (after: number): Promise<Step[]> =>
      this.steps.between(executionId, { after, upTo: step }, STEPS_AT_ONCE);
    const standing = await standingAt(definition, step, read, from);
    if (!standing) throw notFound();
    return standing;
  }
}

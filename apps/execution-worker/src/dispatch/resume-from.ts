import { jsonSize, type WorkflowDefinition } from '@aumos/agf-domain';
import { firstKept, resumePoint, standingAt, type Standing, withState } from '@aumos/agf-engine/checkpoints';
import { ANSWER_VISIT, type ResumePoint } from '@aumos/agf-engine/common';
import { type ExecutionEntity, StepsRepository, VisitsRepository } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';
import { answersAgain, isSettled } from './settled-visits.js';

const STEPS_AT_ONCE = 100;
/** Of the start, which each replay reads; the results that it has no room for are answered from the journal. */
const DONE_BYTES = 2 * 1024 * 1024;

export type Resumed = { kind: 'from_the_start' } | { kind: 'at'; point: ResumePoint } | { kind: 'gone' };

/**
 * Where an execution made of another one begins, read from the other one's steps and journal as its row says. What it
 * begins with becomes the first step of its own, so that it can be looked into and begun anew without the other one.
 * May be repeated. Needs an open tenant scope.
 */
@Injectable()
export class ResumeFrom {
  constructor(
    private readonly steps: StepsRepository,
    private readonly visits: VisitsRepository,
  ) {}

  async of(execution: ExecutionEntity, definition: WorkflowDefinition): Promise<Resumed> {
    const { origin_step: step, origin_execution_id: from, origin_state } = execution;
    if (execution.origin_kind === null || step === null) return { kind: 'from_the_start' };
    const stood = from === null ? null : await this.standing(definition, from, step);
    if (from === null || stood === null) return { kind: 'gone' };
    const standing = withState(stood, origin_state ?? {}, definition.state);
    await this.steps.record(execution.id, [firstKept(standing)]);
    const done = execution.origin_kind === 'retry' ? await this.settled(execution, from, standing) : [];
    return { kind: 'at', point: resumePoint(standing, done) };
  }

  private standing(definition: WorkflowDefinition, from: string, step: number): Promise<Standing | null> {
    return standingAt(definition, step, (after) => this.steps.between(from, { after, upTo: step }, STEPS_AT_ONCE));
  }

  /** Visits of the step that had ended well: the new execution's journal has them as well, so that a retry of it does too. */
  private async settled(execution: ExecutionEntity, from: string, { begins }: Standing): Promise<ResumePoint['done']> {
    if (begins === null) return [];
    const { origin_node: node, origin_visit: visit } = execution;
    const completed = await this.visits.completedIn(from, begins.step);
    const settled = completed.filter((each) => isSettled(each, begins.due) && !answersAgain(each, { node, visit }));
    await this.visits.recordEnded(
      settled.map(({ started_at, completed_at, ...each }) => ({
        ...each,
        execution_id: execution.id,
        status: 'completed',
        approval_id: null,
        started_at: started_at.toISOString(),
        ...(completed_at ? { completed_at: completed_at.toISOString() } : {}),
      })),
    );
    let room = DONE_BYTES;
    return settled
      .map(({ node: name, visit: nth, output, type }) => ({
        ...{ node: name, visit: nth, result: output },
        ...(type === ANSWER_VISIT ? { answered: true as const } : {}),
      }))
      .filter((each) => (room -= jsonSize(each)) >= 0);
  }
}

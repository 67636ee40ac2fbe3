import { ApiError, type ApiErrorCode } from '@aumos/agf-domain';
import { AgentsRepository, type ExecutionEntity, TenantDb, TracesRepository } from '@aumos/agf-persistence';
import { type AuthenticatedActor, notFound } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';
import { AwaitExecution } from '../executions/await-execution.js';
import { StartExecution } from '../executions/start-execution.js';
import type { InvokeAgentDto } from './agent.dto.js';
import type { InvocationView } from './agent.view.js';
import { SessionOfInvocation } from './session-of-invocation.js';
import { WorkflowOfAgent } from './workflow-of-agent.js';

const WAIT_SECONDS = 30;

export interface Invocation {
  actor: AuthenticatedActor;
  agent_id: string;
  body: InvokeAgentDto;
  idempotency_key: string | undefined;
  correlation_id: string;
  /** the caller is gone */
  gone: AbortSignal;
}

/** What came of it within the time that its caller waits. */
export type Invoked = { kind: 'completed'; view: InvocationView } | { kind: 'under way'; execution: ExecutionEntity };

/** An agent asked to do one thing: a durable execution of one node. */
@Injectable()
export class InvokeAgent {
  constructor(
    private readonly db: TenantDb,
    private readonly agents: AgentsRepository,
    private readonly workflows: WorkflowOfAgent,
    private readonly start: StartExecution,
    private readonly ended: AwaitExecution,
    private readonly sessions: SessionOfInvocation,
    private readonly traces: TracesRepository,
  ) {}

  /**
   * @throws ApiError NOT_FOUND, INVALID_STATE for an agent that is not active, those of a start, and of an execution
   *   that failed what it failed with, its error in `details.error`
   */
  async run({ actor, agent_id, body, idempotency_key, correlation_id, gone }: Invocation): Promise<Invoked> {
    const { tenant_id } = actor;
    const { input_data = null, wait_seconds = WAIT_SECONDS } = body;
    const { agent, session_id } = await this.db.run(tenant_id, async () => {
      const found = await this.agents.get(agent_id);
      if (!found) throw notFound();
      return { agent: found, session_id: await this.sessions.of(found, body) };
    });
    if (agent.status !== 'active')
      throw new ApiError('INVALID_STATE', `The agent is ${agent.status}.`, { status: agent.status });
    const workflow_id = await this.workflows.of(actor, agent);
    const started = await this.start.run({
      ...{ actor, workflow_id, input: input_data, correlation_id, session_id },
      ...(session_id === null
        ? {}
        : { asked: { scope: `execute:${workflow_id}`, body: { input_data, version: null, session_id } } }),
      ...(idempotency_key === undefined ? {} : { idempotency_key }),
    });
    const execution = await this.ended.within(actor, started.id, wait_seconds * 1000, gone);
    if (execution.status === 'failed' || execution.status === 'cancelled') throw failureOf(execution);
    if (execution.status !== 'completed') return { kind: 'under way', execution };
    return {
      kind: 'completed',
      view: {
        agent_id,
        execution_id: execution.id,
        output: execution.output_data,
        session_id: execution.session_id ?? execution.id,
        tokens_used: await this.db.run(tenant_id, () => this.traces.tokens(execution.id)),
        execution_time_ms: tookMs(execution),
      },
    };
  }
}

const tookMs = ({ created_at, completed_at }: ExecutionEntity): number =>
  completed_at ? Math.max(0, completed_at.getTime() - created_at.getTime()) : 0;

/** Errors of an execution that have a status of their own. */
const CODES: Readonly<Record<string, ApiErrorCode>> = {
  PRIVILEGE_DENIED: 'PRIVILEGE_DENIED',
  CIRCUIT_OPEN: 'CIRCUIT_OPEN',
  MODEL_UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  MODEL_TIMEOUT: 'SERVICE_UNAVAILABLE',
  MEMORY_UNAVAILABLE: 'SERVICE_UNAVAILABLE',
};

function failureOf({ id, status, error_details: error }: ExecutionEntity): ApiError {
  const code = CODES[error?.code ?? ''] ?? 'EXECUTION_FAILED';
  const text = `The agent's execution is ${status}: ${error?.message ?? 'it was cancelled'}`;
  return new ApiError(code, text, { execution_id: id, error });
}

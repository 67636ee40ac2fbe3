import { type Actor, type AgentSpec, ApiError, raisedLevels, type WorkflowDefinition } from '@aumos/agf-domain';
import {
  type Simulation,
  SimulationError,
  SimulationLimitError,
  type SimulationScript,
  SimulationsBusyError,
  SimulationThreads,
} from '@aumos/agf-engine/simulate';
import { agentSpecOf, AgentsRepository, DefinitionsRepository, TenantDb } from '@aumos/agf-persistence';
import { notFound } from '@aumos/agf-platform';
import { ToolCatalog } from '@aumos/agf-tools';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { checkInput } from '../../executions/check-input.js';
import { calledBy } from '../called-by.js';
import { simulationScript } from './simulation-script.js';
import type { SimulateDto } from './simulate.dto.js';

/** A dry run of a published version with the caller's answers in place of tools and people. Nothing is written. */
@Injectable()
export class SimulateWorkflow implements OnApplicationShutdown {
  private readonly threads = new SimulationThreads();

  constructor(
    private readonly db: TenantDb,
    private readonly definitions: DefinitionsRepository,
    private readonly agents: AgentsRepository,
    private readonly tools: ToolCatalog,
  ) {}

  /**
   * @throws ApiError NOT_FOUND, VALIDATION_ERROR, UNANSWERED and IMPOSSIBLE_ANSWER (`details` names node and visit),
   * SIMULATION_LIMIT (`details.limit`), SERVICE_UNAVAILABLE
   */
  async run(actor: Actor, workflowId: string, body: SimulateDto): Promise<Simulation> {
    const found = await this.db.run(actor.tenant_id, async () => {
      const version = await this.definitions.getVersion(workflowId, body.version);
      return version && { version, agents: await this.agentsOf(version.definition) };
    });
    if (!found) throw notFound();
    const { version, agents } = found;
    const { definition, content_hash } = version;
    const theirs = Object.values(agents).flatMap((agent) => [...agent.tools]);
    const now = await this.tools.specsOf(actor.tenant_id, definition, theirs);
    const tools = raisedLevels(now, version.tool_levels);
    const script = simulationScript(body, { actor, version: version.version, tools, agents });
    checkInput(content_hash, definition.input, script.input ?? null);
    return this.simulate(definition, script);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.threads.close();
  }

  private async agentsOf(definition: WorkflowDefinition): Promise<Record<string, AgentSpec>> {
    const found = await this.agents.called(calledBy(definition, 'agent'));
    return Object.fromEntries([...found].map(([name, row]) => [name, agentSpecOf(row)]));
  }

  private async simulate(definition: WorkflowDefinition, script: SimulationScript): Promise<Simulation> {
    try {
      return await this.threads.simulate(definition, script);
    } catch (error) {
      throw refusalOf(error);
    }
  }
}

function refusalOf(error: unknown): unknown {
  if (error instanceof SimulationLimitError)
    return new ApiError('SIMULATION_LIMIT', `${error.message}.`, { limit: error.limit });
  if (error instanceof SimulationsBusyError)
    return new ApiError('SERVICE_UNAVAILABLE', `${error.message}.`, { retry_after_seconds: 5 });
  if (!(error instanceof SimulationError) || error.code === 'SCRIPT_FAILED') return error;
  return new ApiError(error.code, error.message, { ...error.site });
}

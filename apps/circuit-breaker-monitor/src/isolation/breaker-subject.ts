import type { BreakerKey } from '@aumos/agf-domain';
import {
  AgentsRepository,
  BreakersRepository,
  DefinitionsRepository,
  IsolationsRepository,
  ToolsRepository,
} from '@aumos/agf-persistence';
import { BuiltinTools } from '@aumos/agf-tools';
import { Injectable } from '@nestjs/common';
import { kindOf, subjectOf } from '../breakers/breaker-key.js';

/** Handlers of function nodes have breakers of this form. Source: `functionBreakerKey`. */
const FUNCTION = /^function\.([^.]+)(?:\.|$)/;

/** Whether the tenant has what a breaker is of, whether anybody has asked for it or not. Needs an open tenant scope. */
@Injectable()
export class BreakerSubject {
  private readonly builtin = new BuiltinTools();

  constructor(
    private readonly agents: AgentsRepository,
    private readonly definitions: DefinitionsRepository,
    private readonly tools: ToolsRepository,
    private readonly breakers: BreakersRepository,
    private readonly isolations: IsolationsRepository,
  ) {}

  async exists(key: BreakerKey): Promise<boolean> {
    const subject = subjectOf(key);
    const kind = kindOf(key);
    if (kind === 'agent') return (await this.agents.get(subject)) !== null;
    if (kind === 'workflow') return (await this.definitions.get(subject)) !== null;
    return this.builtin.get(subject) !== undefined || (await this.hasTool(key, subject));
  }

  private async hasTool(key: BreakerKey, name: string): Promise<boolean> {
    const handler = FUNCTION.exec(name)?.[1];
    if (handler !== undefined && (await this.definitions.callsHandler(handler))) return true;
    return (
      (await this.tools.last(name)) !== null ||
      (await this.breakers.get(key)) !== null ||
      (await this.isolations.get(key)) !== null
    );
  }
}

import {
  analyseGates,
  definitionHash,
  parseDefinition,
  type PublicationBody,
  toLangGraph,
  toMermaid,
} from '@aumos/agf-domain';
import { Injectable } from '@nestjs/common';
import { CheckDefinition } from './check-definition.js';
import type { Export, ValidationView } from './validation.view.js';

/** What publishing would find, and what can be told of the definition. Nothing is written. */
@Injectable()
export class ValidateWorkflow {
  constructor(private readonly check: CheckDefinition) {}

  /** @param include exports that the answer is to hold, where the structure is sound */
  async run(tenantId: string, body: PublicationBody, include: readonly Export[] = []): Promise<ValidationView> {
    const { definition, findings, sent, catalog } = await this.check.inspect(tenantId, body);
    // A mistake in what it means does not keep a sound structure from being looked at.
    const sound = definition ?? parseDefinition(sent).definition;
    return {
      valid: definition !== undefined,
      findings,
      content_hash: definition ? definitionHash(definition) : null,
      gates: sound ? analyseGates(sound, catalog) : null,
      ...(sound && include.includes('mermaid') ? { mermaid: toMermaid(sound) } : {}),
      ...(sound && include.includes('langgraph') ? { langgraph: toLangGraph(sound) } : {}),
    };
  }
}

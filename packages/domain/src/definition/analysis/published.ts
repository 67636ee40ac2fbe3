import type { WorkflowDefinition } from '../definition.js';

/** A version that may run: a tenant's published ones, usually the newest of each name. */
export interface PublishedWorkflow {
  /** as in `workflow:<id>` */
  id: string;
  version: number;
  definition: WorkflowDefinition;
}
/** What an agent's id stands for: definitions may name it, and its tools may be left to it. */
export interface PublishedAgent {
  name: string;
  tools?: readonly string[];
}

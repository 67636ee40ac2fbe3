import type { Json } from '../json/json.js';

/** What one question to the model came to. */
export interface ToolAnswer {
  text: string;
  /** it was cut at `max_tokens` */
  cut: boolean;
}

/** A long-term memory of the agent that chose the call. */
export interface ToolMemory {
  id: string;
  text: string;
  metadata: Json;
  similarity: number;
}

/** What a call needs of models, at most: held until it ends, whatever it asks for. */
export interface ModelNeed {
  kind: 'chat' | 'embeddings';
  /** bytes of all texts that are sent */
  bytes: number;
  output_tokens: number;
}

/** The platform's models, as one call may use them. */
export interface ModelUse {
  /** The text is data: the instructions say what is done with it. */
  answer(request: { instructions: string; text: string; max_tokens: number }): Promise<ToolAnswer>;
  /** A vector a text, in their order. */
  embed(texts: readonly string[]): Promise<number[][]>;
  /** @throws CallerError `NO_AGENT` where no agent chose the call */
  memories(vector: readonly number[], most: number): Promise<ToolMemory[]>;
}

/** The models that the tenant's budgets pay for; bound to one call. */
export abstract class ToolModels {
  /**
   * Holds what the work may need, and settles what it used, also when it fails.
   * @throws ToolError `MODEL_UNAVAILABLE`, `BUDGET_EXCEEDED`, `MODEL_BUSY`, `MODEL_ERROR`, `MODEL_REJECTED`, `MODEL_REFUSED`
   */
  abstract use<T>(need: ModelNeed, work: (models: ModelUse) => Promise<T>): Promise<T>;
}

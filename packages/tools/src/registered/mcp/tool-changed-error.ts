import { CallerError, type McpOffer, offerHash } from '@aumos/agf-domain';

/** The server says something else of the tool than it did when it was registered, or reviewed last. Nothing was called. */
export class ToolChangedError extends CallerError {
  /** of what it says now */
  readonly hash: string;

  constructor(
    readonly tool: { name: string; version: number },
    readonly offer: McpOffer,
  ) {
    const hash = offerHash(offer);
    super('TOOL_CHANGED', `${tool.name} has changed at its server: somebody has to review it first`, { hash });
    this.hash = hash;
  }
}

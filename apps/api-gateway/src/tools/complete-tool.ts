import {
  type Actor,
  ApiError,
  invalidField,
  type McpAsked,
  type McpOffer,
  type McpToolDefinition,
  pinTool,
  type ToolDefinition,
  ToolError,
} from '@aumos/agf-domain';
import { TenantOutgoing } from '@aumos/agf-outgoing';
import { TenantDb, TenantSecrets, ToolSecretsRepository } from '@aumos/agf-persistence';
import { BuiltinTools, describeMcpTool } from '@aumos/agf-tools';
import { Injectable } from '@nestjs/common';
import { CheckWriter } from './check-writer.js';
import { checkedTool, checkSecrets } from './checked-tool.js';

/** For all that a server is asked when its tool is registered. */
const SERVER_MS = 20_000;

/** A tool as it is sent, with what its server says of it where it has one. */
@Injectable()
export class CompleteTool {
  constructor(
    private readonly db: TenantDb,
    private readonly secrets: ToolSecretsRepository,
    private readonly builtin: BuiltinTools,
    private readonly writer: CheckWriter,
    private readonly outgoing: TenantOutgoing,
  ) {}

  /**
   * @param need at least this level, beside the tool's own
   * @throws ApiError VALIDATION_ERROR, PRIVILEGE_DENIED, TOOL_DIFFERS, BAD_GATEWAY where its server gives no answer
   */
  async of(actor: Actor, action: string, body: object, need: number): Promise<ToolDefinition> {
    const checked = checkedTool(body, new Set(this.builtin.specs.keys()));
    const tool = 'asked' in checked ? checked.asked : checked.definition;
    const level = Math.max(tool.min_privilege_level, need) as typeof tool.min_privilege_level;
    await this.writer.run(actor, action, tool.name, level);
    await this.db.run(actor.tenant_id, () => checkSecrets(tool, this.secrets));
    return tool.kind === 'mcp' ? pinned(tool, await this.offerOf(actor.tenant_id, tool)) : tool;
  }

  /** No transaction is open meanwhile. */
  private async offerOf(tenantId: string, { mcp }: McpAsked): Promise<McpOffer> {
    const signal = AbortSignal.timeout(SERVER_MS);
    const secrets = new TenantSecrets(this.db, this.secrets, tenantId);
    const ports = { outgoing: this.outgoing.of(tenantId), secrets, signal };
    const offer = await describeMcpTool(mcp, ports).catch((error: unknown) => {
      throw signal.aborted ? noAnswer('UPSTREAM_TIMEOUT') : refusal(error);
    });
    if (offer) return offer;
    throw invalidField('mcp.tool', 'is no tool of the server');
  }
}

/** @throws ApiError TOOL_DIFFERS */
export function pinned(asked: McpAsked, offer: McpOffer): McpToolDefinition {
  const made = pinTool(asked, offer);
  if ('definition' in made) return made.definition;
  if ('differs' in made)
    throw new ApiError('TOOL_DIFFERS', 'What is sent is not what the server says.', { fields: made.differs });
  throw new ApiError('TOOL_DIFFERS', 'What the server says is no tool that can be called.', { fields: made.fields });
}

function refusal(error: unknown): unknown {
  if (!(error instanceof ToolError)) return error;
  if (error.fault === 'tool') return noAnswer(error.code);
  return invalidField('mcp.url', `cannot be asked, ${error.code}: ${error.message}`);
}

const noAnswer = (code: string): ApiError =>
  new ApiError('BAD_GATEWAY', 'The server of the tool gives no answer that can be used.', { reason: code });

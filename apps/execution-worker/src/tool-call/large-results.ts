import { type Json, jsonSize, shortened, STATE_LIMIT_BYTES } from '@aumos/agf-domain';
import type { ToolCall } from '@aumos/agf-engine/common';
import { ArtifactStore } from '@aumos/agf-persistence';
import { Injectable } from '@nestjs/common';

/** Of one result, of JSON: more than this a model is not told of at once. */
const MODEL_BYTES = 100_000;
/** Of JSON text: what is shown of it beside the reference. */
const PREVIEW_CHARACTERS = 4_000;

/**
 * Results of more than an execution's state, or an agent's model, takes: an artifact of the tenant has them, and what goes on
 * is its reference with the beginning. Other tools take the reference as their `source`.
 */
@Injectable()
export class LargeResults {
  constructor(private readonly artifacts: ArtifactStore) {}

  /** @returns the result, or `{artifact, bytes, preview}` */
  async fitted(call: Pick<ToolCall, 'ref' | 'node' | 'visit' | 'tool' | 'agent'>, result: Json): Promise<Json> {
    const bytes = jsonSize(result);
    if (bytes <= (call.agent ? MODEL_BYTES : STATE_LIMIT_BYTES)) return result;
    const { tenant_id, initiator: created_by } = call.ref;
    const text = JSON.stringify(result);
    const name = `${call.tool}-${call.node}-${String(call.visit)}.json`;
    const artifact = { name, content_type: 'application/json', created_by };
    const content = Buffer.from(text);
    const { id } = await this.artifacts.write(tenant_id, artifact, one(content), content.length);
    return { artifact: `artifact:${id}`, bytes, preview: shortened(text, PREVIEW_CHARACTERS) };
  }
}

async function* one(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

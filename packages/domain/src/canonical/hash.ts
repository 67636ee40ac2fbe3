import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { type Json } from '../json/json.js';
import { type WorkflowDefinition } from '../definition/definition.js';
import { type PrivilegeLevel } from '../privilege/privilege-level.js';
import { canonicalJson } from './canonical-json.js';

/** SHA-256 of the text's UTF-8, lower-case hex, 64 characters. */
export const sha256Hex = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/** The content hash of a version. @throws NotCanonicalError */
export const definitionHash = (definition: WorkflowDefinition): string => sha256Hex(canonicalJson(definition));

/** Exactly what will be done once it is approved. A change in any member needs a new approval. */
export interface ApprovalPayload {
  tenant_id: string;
  execution_id: string;
  node: string;
  visit: number;
  gate_name: string;
  tool: string | null;
  tool_version: number | null;
  arguments: Json;
  privilege_level: PrivilegeLevel;
  /** RFC 3339 */
  expires_at: string;
}

/** Members beside those of {@link ApprovalPayload} are not hashed. @throws NotCanonicalError */
export const approvalPayloadHash = (payload: ApprovalPayload): string =>
  sha256Hex(
    canonicalJson({
      tenant_id: payload.tenant_id,
      execution_id: payload.execution_id,
      node: payload.node,
      visit: payload.visit,
      gate_name: payload.gate_name,
      tool: payload.tool,
      tool_version: payload.tool_version,
      arguments: payload.arguments,
      privilege_level: payload.privilege_level,
      expires_at: payload.expires_at,
    }),
  );

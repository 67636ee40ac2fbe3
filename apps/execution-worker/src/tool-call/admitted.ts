import { CallerError, jsonSize, type Permit } from '@aumos/agf-domain';
import { PAYLOAD_BYTES, type ToolCall, type ToolDispatch } from '@aumos/agf-engine/common';
import { checkArguments, type TeamTool } from '@aumos/agf-tools';

/** The call goes to a team's worker. @throws CallerError `INVALID_ARGUMENTS`, `PAYLOAD_TOO_LARGE` */
export function admitted(
  { arguments: args }: ToolCall,
  { spec, function: at }: TeamTool,
  permit: Permit,
): ToolDispatch {
  checkArguments(spec, args);
  const bytes = jsonSize(args);
  if (bytes <= PAYLOAD_BYTES) return { kind: 'admitted', permit, ...at };
  const text = `the arguments are ${String(bytes)} bytes of JSON; ${String(PAYLOAD_BYTES)} are the most`;
  throw new CallerError('PAYLOAD_TOO_LARGE', text);
}

import { sha256Hex } from '../canonical/hash.js';

/**
 * The id of the execution that a visit of a `workflow` node is: whoever asks again finds the same one.
 * @param attempt of the visit, from 1: each is an execution of its own
 * @returns a uuid of version 8 (RFC 9562)
 */
export function childExecutionId(parentExecutionId: string, node: string, visit: number, attempt = 1): string {
  const tried = attempt === 1 ? '' : `#${String(attempt)}`;
  const hex = sha256Hex(`child:${parentExecutionId}/${node}/${String(visit)}${tried}`);
  const variant = ((parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

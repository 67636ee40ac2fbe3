import type { Json } from '@aumos/agf-domain';
import type { StepRecord } from '@aumos/agf-engine/common';
import type { Visit } from '@aumos/agf-persistence';

/** The visit belongs to the step, and the journal has its whole result: what is long and no tool's was not kept. */
export const isSettled = ({ node, visit, type, output }: Visit, due: StepRecord['due']): boolean =>
  (Object.hasOwn(due, node) ? due[node] : undefined)?.some((each) => each.visit === visit) === true &&
  (type === 'tool' || !isLeftOut(output));

/** The visit that a retry is for; of a node that was named, each of the step. */
export const answersAgain = (
  { node, visit }: Pick<Visit, 'node' | 'visit'>,
  asked: { node: string | null; visit: number | null },
): boolean => node === asked.node && (asked.visit === null || visit === asked.visit);

/** What the engine records in place of a value that is too long. */
const isLeftOut = (output: Json): boolean =>
  typeof output === 'object' &&
  output !== null &&
  !Array.isArray(output) &&
  output['truncated'] === true &&
  typeof output['bytes'] === 'number' &&
  Object.keys(output).length === 2;

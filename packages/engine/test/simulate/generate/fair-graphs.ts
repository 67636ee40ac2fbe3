import type { Arbitrary } from 'fast-check';
import { validateDefinition } from '@aumos/agf-domain';
import { generate, TOOLS, type Generated } from './graph.js';
import { Tape, tapes } from './tape.js';

const catalog = { tools: new Map(Object.entries(TOOLS)) };

/** Publishable; or kept from it by conflicts alone, which publishing excludes and the engine has to find as well. */
const isFair = ({ definition }: Generated): boolean =>
  validateDefinition(definition, catalog).findings.every(
    ({ severity, rule }) => severity === 'warning' || rule === 'STATE_CONFLICT',
  );

export const fairGraphs: Arbitrary<Generated> = tapes.map((tape) => generate(new Tape(tape))).filter(isFair);

import { PROBLEM_TYPE } from '@aumos/agf-platform';
import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';

/** Put into the document by the platform. */
const PROBLEM_REF = '#/components/schemas/ProblemView';

/** Documents refusals that are a route's own: by status, the codes and when each is given. */
export const ApiProblems = (problems: Readonly<Record<number, string>>): MethodDecorator =>
  applyDecorators(
    ...Object.entries(problems).map(([status, description]) =>
      ApiResponse({
        status: Number(status),
        description,
        content: { [PROBLEM_TYPE]: { schema: { $ref: PROBLEM_REF } } },
      }),
    ),
  );

/** What every route that starts an execution may answer. */
export const START_PROBLEMS = {
  429: 'QUOTA_EXCEEDED: as many executions as allowed are under way.',
  503: 'CIRCUIT_OPEN: the breaker of the workflow is open; Retry-After says for how long.',
} as const;

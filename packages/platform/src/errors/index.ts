export { answerError } from './answer-error.js';
export { notFound } from './not-found.js';
export { PROBLEM_TYPE, problemHeaders, toProblem, type Problem } from './problem.js';
export { ProblemFilter } from './problem-filter.js';
export { fieldErrors, validationPipe } from './validation.js';

/** Names in scope of what makes a request, and of what makes a result. */
export const REQUEST_SCOPE = ['arguments'] as const;
export const RESULT_SCOPE = ['arguments', 'response'] as const;

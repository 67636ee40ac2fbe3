/** What to do about a rule's findings, where the finding itself does not say it better. */
const HINTS: Readonly<Record<string, string>> = {
  COLLECT_CHANNEL: 'give the channel errors the reducer append, or do not declare it',
  CYCLIC: 'write the value out without the reference to itself',
  DEFAULT_MISMATCH: 'correct the default, or the schema and reducer it has to match',
  EDGE_FROM_END: 'remove the edge',
  EDGE_TO_START: 'let the edge lead to the first node of the loop',
  EXPRESSION_INVALID: 'correct the expression; it is CEL, and sees only what its place has in scope',
  FOR_EACH_TARGET: 'let the edge lead to a node that works on an item',
  INVALID_TEXT: 'remove the character',
  INVALID_VALUE: 'use one of the values that the language has for it',
  JOIN_SOURCE: 'name each node once, and no START',
  MEMBER_WITHOUT_FOR_EACH: 'add for_each, or remove it',
  MISSING_MEMBER: 'add the member',
  NOT_JSON: 'send plain JSON',
  OTHERWISE_TWICE: 'keep one otherwise',
  OTHERWISE_WITH_CONDITION: 'keep the condition or the otherwise',
  OUT_OF_RANGE: 'use a value within the limits',
  RESERVED_NAME: 'rename it',
  TOO_DEEP: 'nest less deeply',
  TOO_MANY_FINDINGS: 'correct those that are listed first',
  UNKNOWN_MEMBER: 'remove it, or correct its name',
  UNKNOWN_NODE_TYPE: 'use one of the node types of the language',
  UNKNOWN_WORKFLOW: 'correct the number, or leave it out for the newest',
  WAIT_FORM: 'keep exactly one of them',
  WRONG_TYPE: 'use a value of that type',
};

export const hintFor = (rule: string): string => HINTS[rule] ?? 'correct it and check again';

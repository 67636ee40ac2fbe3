/**
 * What all workflows of a process share: evaluated once a worker and then frozen, where the sandbox evaluates everything
 * else for each workflow. Only what keeps nothing of an execution: LangGraph, and what is pure. It saves most of a
 * start's time, and of the memory of each workflow that is kept.
 */
export { BaseChannel, Command, END, START, Send, StateGraph } from '@langchain/langgraph/web';
export { commitStart, commitStep } from './plan/commit-step.js';
export { compilePlan } from './plan/compile-plan.js';

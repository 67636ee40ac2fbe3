import type { BundleOptions } from '@temporalio/worker';

type Hook = NonNullable<BundleOptions['webpackConfigHook']>;

export const quiet: NonNullable<BundleOptions['logger']>;
export const treeShaken: Hook;
export const withLangGraph: Hook;
/** @param modules by the name by which the workflow imports them, their files */
export function withTeamGraphs(modules: Readonly<Record<string, string>>): Hook;
export function withoutMap(code: string): string;
export function withoutStacks(code: string): string;

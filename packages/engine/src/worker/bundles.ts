import { fileURLToPath } from 'node:url';

// From the package's root, so that it is found from the sources as well as from dist.
const bundle = (name: string): string => fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));

/** The graph workflow, LangGraph included; made at build time. */
export const GRAPH_BUNDLE_PATH = bundle('graph-bundle.js');
/** The same, with stack traces in failures and in Temporal's UI: a replay costs several times as much. */
export const GRAPH_BUNDLE_WITH_STACKS_PATH = bundle('graph-bundle.stacks.js');
/** The approval workflow alone. */
export const APPROVAL_BUNDLE_PATH = bundle('approval-bundle.js');

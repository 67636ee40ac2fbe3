import { componentsOf, type Components } from './components.js';
import type { Flow } from './flow.js';
import type { Timing } from './pairs.js';
import { sharesOf } from './shares.js';
import { stepRangesOf } from './steps.js';

export const timingOf = (flow: Flow): Timing & { components: Components } => {
  const components = componentsOf(flow);
  return { flow, components, ranges: stepRangesOf(flow, components), shares: sharesOf(flow) };
};

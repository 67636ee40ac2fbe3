import { writesOf } from '../channels.js';
import type { NodeDefinition } from '../definition.js';
import { pointerTo, shown } from '../findings.js';
import { valuesOf } from '../places.js';
import { formsIn } from '../values.js';
import type { CheckContext } from './context.js';

type Report = (rule: string, message: string, member: string, hint?: string) => void;

/** Everything a node names: tools, agents, handlers, workflows, gates, nodes, channels, signals. */
export const checkReferences = (context: CheckContext): void => {
  const signals = new Set(context.draft.nodes.flatMap(({ value }) => (value?.type === 'wait' ? [value.signal] : [])));
  for (const { value: node, pointer } of context.draft.nodes) {
    if (node === undefined) continue;
    const report: Report = (rule, message, member, hint) => {
      context.findings.error({ rule, message, node: node.id, pointer: `${pointer}/${member}`, hint });
    };
    checkCallee(node, context, report);
    checkHandlers(node, context, report);
    checkChannels(node, context, report);
    for (const { value, member } of valuesOf(node, false)) {
      for (const form of formsIn(value ?? null, member)) {
        if (form.kind !== 'signal_url' || typeof form.signal !== 'string' || signals.has(form.signal)) continue;
        const message = `no wait node has the signal ${shown(form.signal)}`;
        report('UNKNOWN_SIGNAL', message, pointerTo(form.path).slice(1), 'add a wait node');
      }
    }
  }
};

const checkCallee = (node: NodeDefinition, { draft, catalog }: CheckContext, report: Report): void => {
  const tool = (name: string, member: string): void => {
    if (!catalog.tools.has(name)) report('UNKNOWN_TOOL', `there is no tool ${shown(name)}`, member, REGISTER);
  };
  if (node.compensate !== undefined) tool(node.compensate.tool, 'compensate/tool');
  switch (node.type) {
    case 'tool':
      return tool(node.tool, 'tool');
    case 'agent':
      if (catalog.agents?.has(node.agent) === false) {
        report('UNKNOWN_AGENT', `there is no agent ${shown(node.agent)}`, 'agent', REGISTER);
      }
      for (const [index, name] of (node.tools ?? []).entries()) tool(name, `tools/${index}`);
      return;
    case 'function':
      if (catalog.handlers?.has(node.handler) === false) {
        report('UNKNOWN_HANDLER', `there is no handler ${shown(node.handler)}`, 'handler', 'deploy its worker first');
      }
      return;
    case 'workflow': {
      // Its own name means this very version.
      if (node.workflow === draft.name || catalog.workflows === undefined) return;
      const workflow = catalog.workflows.get(node.workflow);
      if (workflow === undefined) {
        report('UNKNOWN_WORKFLOW', `there is no workflow ${shown(node.workflow)}`, 'workflow', 'publish it first');
      } else if (node.version !== undefined && !workflow.versions.includes(node.version)) {
        report('UNKNOWN_WORKFLOW', `${shown(node.workflow)} has no version ${node.version}`, 'version');
      }
      return;
    }
    case 'transform':
    case 'gate':
    case 'wait':
    case 'compensate':
    case 'fail':
      return;
  }
};

const REGISTER = 'correct the name or register it';

const checkHandlers = (node: NodeDefinition, { draft, flow }: CheckContext, report: Report): void => {
  if (node.gate !== undefined && !draft.gates.has(node.gate)) {
    report('UNKNOWN_GATE', `hitl_gates has no gate ${shown(node.gate)}`, 'gate', 'add it to hitl_gates');
  }
  for (const member of ['on_error', 'on_open'] as const) {
    const target = node[member];
    if (target === undefined || flow.nodes.has(target) || (member === 'on_open' && target === 'CONTINUE')) continue;
    report(
      'UNKNOWN_NODE',
      `${member} names ${shown(target)}, which is no node`,
      member,
      'correct the id or add the node',
    );
  }
};

const checkChannels = (node: NodeDefinition, { draft }: CheckContext, report: Report): void => {
  for (const { channel, member } of writesOf(node)) {
    if (draft.channels.has(channel)) continue;
    const message = `${node.id} writes channel ${shown(channel)}, which state does not declare`;
    report('UNKNOWN_CHANNEL', message, member.slice(1), 'declare it in state');
  }
};

import { describe, expect, it } from '@jest/globals';
import {
  cel,
  defineWorkflow,
  END,
  InvalidWorkflowError,
  mergePublication,
  START,
  validateDefinition,
} from '../src/index.js';
import { catalog, datasetPublish, errorsOf } from './definition-fixtures.js';

describe('mergePublication', () => {
  const { name, hitl_gates, circuit_breaker, ...bare } = datasetPublish();

  it('fills what the definition lacks', () => {
    const body = { name, graph_definition: bare, hitl_gates, circuit_breaker_config: circuit_breaker, agents: {} };
    expect(mergePublication(body)).toEqual({ definition: datasetPublish(), findings: [] });
  });

  it('takes the same said twice, in whatever order', () => {
    const gate = (hitl_gates as Record<string, object>)['publish']!;
    const reversed = Object.fromEntries(Object.entries(gate).reverse());
    const body = { graph_definition: datasetPublish(), hitl_gates: { publish: reversed } };
    expect(mergePublication(body)).toEqual({ definition: datasetPublish(), findings: [] });
  });

  it('adds a gate beside those that are there, and leaves the input alone', () => {
    const graph_definition = datasetPublish();
    const { definition, findings } = mergePublication({
      graph_definition,
      hitl_gates: { more: { gate_name: 'more' } },
    });
    expect(findings).toEqual([]);
    expect(Object.keys((definition as { hitl_gates: object }).hitl_gates)).toEqual(['publish', 'more']);
    expect(graph_definition).toEqual(datasetPublish());
  });

  it('reports what differs, with its place in the body', () => {
    const { findings } = mergePublication({
      name: 'other',
      graph_definition: datasetPublish(),
      hitl_gates: { publish: { gate_name: 'publish' } },
      circuit_breaker_config: { failure_threshold: 6, half_open_max_calls: 3 },
    });
    expect(findings.map(({ rule, severity, pointer }) => [rule, severity, pointer])).toEqual([
      ['PUBLICATION_DIFFERS', 'error', '/name'],
      ['PUBLICATION_DIFFERS', 'error', '/hitl_gates/publish'],
      ['PUBLICATION_DIFFERS', 'error', '/circuit_breaker_config/failure_threshold'],
    ]);
  });

  it('fills the agent of an agent node by its id', () => {
    const graph_definition = {
      nodes: [
        { id: 'ask', type: 'agent', prompt: '' },
        { id: 'b', type: 'agent', agent: 'x' },
      ],
    };
    const { definition, findings } = mergePublication({ graph_definition, agents: { ask: 'clerk', b: 'y', c: 'z' } });
    expect(definition).toMatchObject({
      nodes: [
        { id: 'ask', agent: 'clerk' },
        { id: 'b', agent: 'x' },
      ],
    });
    expect(findings.map(({ rule, pointer }) => [rule, pointer])).toEqual([
      ['PUBLICATION_DIFFERS', '/agents/b'],
      ['UNKNOWN_NODE', '/agents/c'],
    ]);
  });

  it('leaves what cannot be read to the validation', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    for (const graph_definition of [cyclic, undefined, 'text', []]) {
      const { definition, findings } = mergePublication({ graph_definition, hitl_gates: { g: {} } });
      expect(findings).toEqual([]);
      expect(errorsOf(validateDefinition(definition, catalog).findings)).not.toEqual([]);
    }
    expect(mergePublication({ graph_definition: {}, hitl_gates: cyclic }).findings).toMatchObject([
      { rule: 'CYCLIC', pointer: '/hitl_gates/self' },
    ]);
    expect(mergePublication({ graph_definition: {}, agents: [] }).findings).toMatchObject([
      { rule: 'WRONG_TYPE', pointer: '/agents' },
    ]);
  });
});

describe('defineWorkflow', () => {
  it('builds the example', () => {
    const built = defineWorkflow('dataset-publish')
      .description('Profile a data set, have it approved, load it')
      .input({ type: 'object', properties: { source: { type: 'string' } }, required: ['source'] })
      .channel('profile', { schema: { type: 'object' } })
      .channel('issues', { schema: { type: 'array' }, reducer: 'append', default: [] })
      .gate('publish', {
        trigger_condition: 'privilege_level >= 3',
        approval_timeout_hours: 24,
        escalation_policy: 'notify_admin',
        auto_reject_on_timeout: false,
        approvals_required: 1,
      })
      .node('profile', {
        type: 'tool',
        tool: 'csv_profile',
        arguments: { source: cel('input.source') },
        output: 'profile',
      })
      .node('load', {
        type: 'tool',
        tool: 'table_load',
        arguments: { source: cel('input.source'), table: 'cars' },
        gate: 'publish',
        on_open: 'give_up',
      })
      .node('give_up', { type: 'transform', set: { issues: cel("['load refused']") } })
      .edge(START, 'profile')
      .edge('profile', 'load', { condition: 'state.profile.rows > 0' })
      .edge('profile', END, { otherwise: true })
      .edge('load', END)
      .edge('give_up', END)
      .output(cel("{'profile': state.profile, 'issues': state.issues}"))
      .circuitBreaker({ failure_threshold: 5, reset_timeout_seconds: 60, half_open_max_calls: 3 })
      .limits({ max_steps: 1000, timeout_seconds: 3600 })
      .build();
    expect(built).toEqual(datasetPublish());
    expect(errorsOf(validateDefinition(built, catalog).findings)).toEqual([]);
  });

  it('builds joins, and a copy that later steps leave alone', () => {
    const builder = defineWorkflow('w')
      .node('a', { type: 'compensate' })
      .node('b', { type: 'compensate' })
      .node('c', { type: 'compensate' })
      .join(['a', ['b', 'c']], END);
    const built = builder.build();
    builder.edge(START, 'a');
    expect(built.edges).toEqual([{ source: ['a', ['b', 'c']], target: 'END' }]);
  });

  it('knows the channels and nodes declared so far', () => {
    const builder = defineWorkflow('w')
      .channel('x')
      .node('a', { type: 'transform', set: { x: 1 } });
    // @ts-expect-error y is no channel
    builder.node('b', { type: 'transform', set: { y: 1 } });
    // @ts-expect-error y is no channel
    builder.node('c', { type: 'tool', tool: 't', output: 'y' });
    // @ts-expect-error z is no node
    builder.edge('a', 'z');
    expect(builder.build().nodes).toHaveLength(3);
  });

  it('refuses to build what does not parse', () => {
    expect(() => defineWorkflow('no spaces').node('a', { type: 'compensate' }).edge(START, 'a').build()).toThrow(
      InvalidWorkflowError,
    );
  });
});

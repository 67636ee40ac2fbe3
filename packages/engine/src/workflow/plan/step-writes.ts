import {
  STATE_LIMIT_BYTES,
  applyWrite,
  checkedWrites,
  jsonSize,
  type ChannelDefinition,
  type ExecutionError,
  type Json,
  type JsonObject,
} from '@aumos/agf-domain/runtime';
import { executionError, type ErrorSite } from './failure.js';
import { own } from './own.js';
import type { OrderedWrite, VisitWrites } from './step.js';

/** A channel's name, quotes, colon and comma; a number that grew. */
const OVERHEAD_BYTES = 96;

type Channels = Record<string, ChannelDefinition>;
type NodeSite = ErrorSite & { node: string };
/** By channel, each in the order in which it applies. */
export type ChannelWrites = Map<string, OrderedWrite[]>;

/** Values of one channel, in the order in which they apply. */
export const ordered = (values: readonly Json[]): OrderedWrite[] => values.map((value, order) => ({ order, value }));

export function applyAll(channels: Channels, state: JsonObject, writes: ChannelWrites): JsonObject {
  const next = { ...state };
  for (const [name, values] of writes) {
    const channel = own(channels, name);
    if (!channel) continue;
    next[name] = values.reduce<Json>(
      (value, write) => applyWrite(channel, value, write.value),
      own(next, name) ?? null,
    );
  }
  return next;
}

const push = (writes: ChannelWrites, channel: string, write: OrderedWrite): void => {
  const before = writes.get(channel);
  if (before) before.push(write);
  else writes.set(channel, [write]);
};

const bytesOf = (writes: VisitWrites): number =>
  writes.reduce((sum, [, value]) => sum + jsonSize(value) + OVERHEAD_BYTES, 0);

/** Takes a step's writes one visit after the other, in the order in which they apply, and refuses what breaks a rule. */
export class StepWrites {
  readonly byNode = new Map<string, ChannelWrites>();
  private readonly byChannel: ChannelWrites = new Map();
  private readonly replacedBy = new Map<string, string>();
  /** what sums, merges and the like stand at now; lists are checked by what is added */
  private readonly current: JsonObject;
  private order = 0;

  constructor(
    private readonly channels: Channels,
    private readonly state: JsonObject,
    /** an upper bound; counted exactly only near the limit */
    public stateBytes: number,
  ) {
    this.current = { ...state };
  }

  /** Takes a visit's writes, all or none. @returns the visit's error when they cannot be taken */
  take(site: NodeSite, writes: VisitWrites): ExecutionError | undefined {
    const error = this.schemaError(site, writes) ?? this.conflict(site, writes) ?? this.limitError(site, writes);
    if (error) return error;
    for (const [channel, value] of writes) this.add(site.node, channel, value);
    return undefined;
  }

  /** Also for the engine's own writes (`error`, `errors`), which nothing refuses. */
  add(node: string, channel: string, value: Json): void {
    const write = { order: this.order++, value };
    const ofNode = this.byNode.get(node) ?? (new Map() as ChannelWrites);
    this.byNode.set(node, ofNode);
    push(ofNode, channel, write);
    push(this.byChannel, channel, write);
    this.stateBytes += jsonSize(value) + OVERHEAD_BYTES;
    if (this.reducer(channel) === 'replace') this.replacedBy.set(channel, node);
    else if (!this.isList(channel))
      this.current[channel] = applyWrite(this.channels[channel] ?? {}, this.current[channel] ?? null, value);
  }

  channelsWritten(): string[] {
    return [...this.byChannel.keys()];
  }

  private reducer(channel: string): NonNullable<ChannelDefinition['reducer']> {
    return own(this.channels, channel)?.reducer ?? 'replace';
  }

  /** Lists are checked by what is added: what they hold is not looked at again for each write. */
  private isList(channel: string): boolean {
    const reducer = this.reducer(channel);
    return reducer === 'append' || reducer === 'union';
  }

  private schemaError(site: ErrorSite, writes: VisitWrites): ExecutionError | undefined {
    const left: JsonObject = {};
    const issues = writes.flatMap(([channel, value]) => {
      const before = own(left, channel) ?? own(this.current, channel) ?? null;
      const found = checkedWrites(this.channels, { [channel]: value }, { [channel]: before });
      if (found.length === 0 && !this.isList(channel))
        left[channel] = applyWrite(this.channels[channel] ?? {}, before, value);
      return found;
    });
    if (issues.length === 0) return undefined;
    const text = issues.map((issue) => `${issue.pointer} ${issue.message}`).join('; ');
    return executionError(site, 'STATE_SCHEMA', `A write does not fit its channel: ${text}`, {
      issues: issues.map(({ pointer, message }) => ({ pointer, message })),
    });
  }

  private conflict(site: NodeSite, writes: VisitWrites): ExecutionError | undefined {
    const clash = writes.find(([name]) => this.replacedBy.has(name) && this.reducer(name) === 'replace');
    if (clash === undefined) return undefined;
    const [channel] = clash;
    const first = this.replacedBy.get(channel) ?? '';
    const text = `"${first}" and "${site.node}" replace the channel "${channel}" in the same step`;
    return executionError(site, 'STATE_CONFLICT', text, { channel, nodes: [first, site.node] });
  }

  private limitError(site: ErrorSite, writes: VisitWrites): ExecutionError | undefined {
    if (this.stateBytes + bytesOf(writes) <= STATE_LIMIT_BYTES) return undefined;
    const before = applyAll(this.channels, this.state, this.byChannel);
    this.stateBytes = jsonSize(before);
    const more: ChannelWrites = new Map();
    for (const [channel, value] of writes) push(more, channel, { order: 0, value });
    const bytes = jsonSize(applyAll(this.channels, before, more));
    if (bytes <= STATE_LIMIT_BYTES) return undefined;
    const text = `The state would be ${String(bytes)} bytes of JSON; ${String(STATE_LIMIT_BYTES)} are the most`;
    return executionError(site, 'STATE_LIMIT', text, { bytes, limit: STATE_LIMIT_BYTES });
  }
}

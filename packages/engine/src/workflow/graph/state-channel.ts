import { BaseChannel } from '@langchain/langgraph/web';
import { applyWrite, defaultOf, type ChannelDefinition, type Json } from '@aumos/agf-domain/runtime';
import type { OrderedWrite } from '../plan/step.js';

/** A declared channel as LangGraph's: its reducer folds a step's writes in their order, however the tasks ended. */
export class StateChannel extends BaseChannel<Json, OrderedWrite[], Json> {
  lc_graph_name = 'AgfState';
  private value: Json;

  constructor(
    private readonly definition: ChannelDefinition,
    initial: Json | undefined,
  ) {
    super();
    this.value = initial === undefined ? defaultOf(definition) : initial;
  }

  fromCheckpoint(checkpoint?: Json): this {
    return new StateChannel(this.definition, checkpoint === undefined ? this.value : checkpoint) as this;
  }

  update(writes: OrderedWrite[][]): boolean {
    const ordered = writes.flat().sort((a, b) => a.order - b.order);
    for (const write of ordered) this.value = applyWrite(this.definition, this.value, write.value);
    return ordered.length > 0;
  }

  get(): Json {
    return this.value;
  }

  checkpoint(): Json {
    return this.value;
  }

  override isAvailable(): boolean {
    return true;
  }
}

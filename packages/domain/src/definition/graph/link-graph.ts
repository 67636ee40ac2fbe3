import { MultiDirectedGraph } from 'graphology';

export type LinkKind = 'edge' | 'join' | 'on_error' | 'on_open';
/** A possible "the node may run because `source` ended". */
export interface Link {
  source: string;
  kind: LinkKind;
}

/**
 * START, END and each node id once, with every link between them. The library keeps neighbours in plain objects: a node
 * called `constructor` must not meet what those inherit, so ids have a mark before them inside.
 */
export class LinkGraph {
  private readonly graph = new MultiDirectedGraph<Record<string, never>, { kind: LinkKind }>();

  constructor(ids: Iterable<string>) {
    for (const id of ids) this.graph.addNode(marked(id));
  }

  has(id: string): boolean {
    return this.graph.hasNode(marked(id));
  }

  ids(): string[] {
    return this.graph.mapNodes(unmarked);
  }

  link(source: string, target: string, kind: LinkKind): void {
    this.graph.addDirectedEdge(marked(source), marked(target), { kind });
  }

  /** What leads into a node, one link an edge. */
  into(id: string): Link[] {
    return this.graph.mapInEdges(marked(id), (_, { kind }, source) => ({ source: unmarked(source), kind }));
  }
}

const marked = (id: string): string => `#${id}`;
const unmarked = (name: string): string => name.slice(1);

/** Members and items of one value that some schema looked at: what `unevaluated…` leaves alone. */
export interface Seen {
  member(key: string): void;
  item(index: number): void;
  /** all items before `count` */
  items(count: number): void;
  hasMember(key: string): boolean;
  hasItem(index: number): boolean;
  add(other: Seen): void;
}

export class SeenParts implements Seen {
  private readonly members = new Set<string>();
  private readonly positions = new Set<number>();
  private upTo = 0;

  member(key: string): void {
    this.members.add(key);
  }
  item(index: number): void {
    this.positions.add(index);
  }
  items(count: number): void {
    this.upTo = Math.max(this.upTo, count);
  }
  hasMember(key: string): boolean {
    return this.members.has(key);
  }
  hasItem(index: number): boolean {
    return index < this.upTo || this.positions.has(index);
  }
  add(other: Seen): void {
    if (!(other instanceof SeenParts)) return;
    for (const key of other.members) this.members.add(key);
    for (const index of other.positions) this.positions.add(index);
    this.upTo = Math.max(this.upTo, other.upTo);
  }
}

const nothing = (): void => undefined;
const no = (): boolean => false;
/** Most documents have no `unevaluated…`: nobody asks, nothing is kept. */
export const UNSEEN: Seen = {
  member: nothing,
  item: nothing,
  items: nothing,
  add: nothing,
  hasMember: no,
  hasItem: no,
};

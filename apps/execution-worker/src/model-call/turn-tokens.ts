import { type ExecutionEvent, storableJson } from '@aumos/agf-domain';

/** Gathered so long, or up to so much, before followers are told. */
const GATHER_MS = 80;
const GATHER_CHARACTERS = 1_024;

/** Whose tokens they are: the agent's visit, its nth turn, and the nth attempt at that. */
export interface TokensOf {
  node: string;
  visit: number;
  turn: number;
  attempt: number;
}

/**
 * What a model says in one attempt at a turn, told while it speaks. Whatever goes wrong with the telling, the text that
 * followers have at the end is the journal's.
 */
export class TurnTokens {
  private told = '';
  private due = '';
  /** Half a character ends what is due: it is kept until the other half comes. */
  private half = false;
  /** An earlier attempt may have told something. */
  private anew: boolean;
  private failed = false;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;
  private telling: Promise<void> | undefined;

  constructor(
    private readonly of: TokensOf,
    /** False: it was not told, for another attempt is at work. */
    private readonly tell: (event: ExecutionEvent) => Promise<boolean>,
    private readonly onError: (error: unknown) => void,
  ) {
    this.anew = of.attempt > 1;
  }

  hear(text: string): void {
    if (text === '') return;
    this.due += text;
    this.half = /[\uD800-\uDBFF]/.test(text.slice(-1));
    this.plan();
  }

  /** Tells no more, and waits for what is being told. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.telling;
  }

  /**
   * Once stopped. @param attempts how many there were at the end
   * @returns what is still to be told, together with the end of the turn whose text is this
   */
  rest(text: string, attempts: number): ExecutionEvent[] {
    const told = storableJson(this.told);
    const reset = this.anew || this.failed || attempts !== this.of.attempt || !text.startsWith(told);
    const rest = reset ? text : text.slice(told.length);
    return reset || rest !== '' ? [this.event(rest, reset)] : [];
  }

  private plan(): void {
    const length = this.wholeDue();
    if (length === 0 || this.stopped || this.failed || this.telling) return;
    if (length < GATHER_CHARACTERS) {
      this.timer ??= setTimeout(() => {
        this.begin();
      }, GATHER_MS);
    } else this.begin();
  }

  private begin(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const length = this.wholeDue();
    const text = this.due.slice(0, length);
    this.due = this.due.slice(length);
    this.telling = this.tell(this.event(text, this.anew))
      .then((told) => {
        if (told) [this.told, this.anew] = [this.told + text, false];
        else this.failed = true;
      })
      .catch((error: unknown) => {
        // Followers may have it or not: all of it is told anew at the end.
        this.failed = true;
        this.onError(error);
      })
      .finally(() => {
        this.telling = undefined;
        this.plan();
      });
  }

  private wholeDue(): number {
    return this.due.length - (this.half ? 1 : 0);
  }

  private event(text: string, reset: boolean): ExecutionEvent {
    return { type: 'token', data: { ...this.of, text, ...(reset ? { reset } : {}) } };
  }
}

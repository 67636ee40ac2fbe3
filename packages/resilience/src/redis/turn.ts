interface Waiting<Question, Answer> {
  question: Question;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/** At most so many questions in one command, so that one script never holds Redis up. */
const MAX_QUESTIONS = 64;

/**
 * Puts what one tenant asks in one turn of the event loop into one command. With 50 calls at once the commands, not the
 * work, are what costs, here and in Redis; a lone call is sent in the same turn and waits for nobody.
 */
export class Turn<Question, Answer> {
  #waiting = new Map<string, Waiting<Question, Answer>[]>();

  /** @param send answers in the questions' order */
  constructor(private readonly send: (tenantId: string, questions: Question[]) => Promise<Answer[]>) {}

  ask(tenantId: string, question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.size === 0) process.nextTick(() => this.#end());
      const waiting = this.#waiting.get(tenantId);
      if (waiting) waiting.push({ question, resolve, reject });
      else this.#waiting.set(tenantId, [{ question, resolve, reject }]);
    });
  }

  #end(): void {
    const turn = this.#waiting;
    this.#waiting = new Map();
    for (const [tenantId, waiting] of turn) {
      for (let i = 0; i < waiting.length; i += MAX_QUESTIONS)
        void this.#deliver(tenantId, waiting.slice(i, i + MAX_QUESTIONS));
    }
  }

  async #deliver(tenantId: string, waiting: Waiting<Question, Answer>[]): Promise<void> {
    try {
      const answers = await this.send(
        tenantId,
        waiting.map(({ question }) => question),
      );
      waiting.forEach(({ resolve }, i) => resolve(answers[i] as Answer));
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}

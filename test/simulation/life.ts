/** How long a process lives. What it waits for when it dies never comes, and what comes is not heard. */
export class Life {
  isOver = false;
  /** Rejects when it is over, for those who must clean up behind it. */
  readonly ended: Promise<never>;
  #stepsLeft: number | null = null;
  #end: (error: Error) => void = () => undefined;

  constructor() {
    this.ended = new Promise((_, reject) => {
      this.#end = reject;
    });
    this.ended.catch(() => undefined);
  }

  /** It is to die at one of its next steps, whatever it is in the midst of then. */
  doom(steps: number): void {
    this.#stepsLeft = steps;
  }

  /** At each statement and each call; those after the last are not taken. */
  step(): void {
    if (this.#stepsLeft === null) return;
    this.#stepsLeft -= 1;
    if (this.#stepsLeft < 0) this.kill();
  }

  /** As by SIGKILL: between two awaits. */
  kill(): void {
    this.isOver = true;
    this.#end(new Killed());
  }

  /** The same for the process as long as it lives; for ever unsettled afterwards. */
  live<T>(task: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      task.then(
        (value) => this.isOver || resolve(value),
        (error) => this.isOver || reject(error),
      );
    });
  }
}

class Killed extends Error {
  constructor() {
    super('the process was killed');
  }
}

/**
 * When to ping (docs/protocol.md §2.4): after 20 s of silence, 1 s after an unanswered request, and at
 * once after a sleep; with nothing heard in the 3 s after a ping, the connection is lost. So whoever
 * writes hears within 5 s that there is no connection.
 *
 * What arrives re-arms the timer, not the timer itself: browsers slow down chains of timers in a
 * hidden page, but not a timer that begins with a message.
 */

const SILENCE_MS = 20_000;
const UNANSWERED_MS = 1_000;
const PONG_MS_MAX = 3_000;

/** A computer that sleeps stops its timers, but not the time of day. */
const LOOK_MS = 2_000;
const ASLEEP_MS_MIN = 5_000;

export class Liveness {
  #ping;
  #lose;
  #timer;
  #pinged = false;
  #awaiting = false;
  #watch;
  #lookedAt = Date.now();

  constructor(ping, lose) {
    this.#ping = ping;
    this.#lose = lose;
    this.#watch = setInterval(() => this.#look(), LOOK_MS);
    this.#arm();
  }

  /**
   * Something came from the server.
   *
   * @param {boolean} awaiting whether requests are still unanswered
   */
  heard(awaiting) {
    this.#pinged = false;
    this.#awaiting = awaiting;
    this.#arm();
  }

  /** A request was sent. Only the first of several unanswered ones counts. */
  asked() {
    if (this.#awaiting) return;
    this.#awaiting = true;
    if (!this.#pinged) this.#arm();
  }

  probe() {
    if (this.#pinged) return;
    clearTimeout(this.#timer);
    this.#pinged = true;
    this.#timer = setTimeout(this.#lose, PONG_MS_MAX);
    this.#ping();
  }

  stop() {
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
  }

  #look() {
    const now = Date.now();
    if (now - this.#lookedAt > LOOK_MS + ASLEEP_MS_MIN) this.probe();
    this.#lookedAt = now;
  }

  #arm() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.probe(), this.#awaiting ? UNANSWERED_MS : SILENCE_MS);
  }
}

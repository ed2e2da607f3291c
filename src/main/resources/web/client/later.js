/** Something that is done after a while, unless it is called off. */

/** As pages have it; tests have a clock of their own. */
export const PAGE_CLOCK = {
  set: (run, ms) => setTimeout(run, ms),
  clear: timer => clearTimeout(timer),
};

export class Later {
  #clock;
  #timer = null;

  constructor(clock) {
    this.#clock = clock;
  }

  get isSet() {
    return this.#timer !== null;
  }

  /** In the place of what was to be done. */
  set(ms, run) {
    this.clear();
    this.#timer = this.#clock.set(() => {
      this.#timer = null;
      run();
    }, ms);
  }

  clear() {
    if (this.isSet) this.#clock.clear(this.#timer);
    this.#timer = null;
  }
}

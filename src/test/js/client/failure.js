/** A refusal of the server in the page. */
export class Failure extends Error {
  constructor(code, more = {}) {
    super(code);
    this.frame = { type: 'error', code, text: code, ...more };
  }
}

/** What happens to one call, for whoever asks for the next of it. */
export class EventQueue {
  #events = [];
  #waiting = [];

  push(event) {
    const waiting = this.#waiting.shift();
    if (waiting) {
      waiting(event);
    } else {
      this.#events.push(event);
    }
  }

  next() {
    return this.#events.length > 0
      ? Promise.resolve(this.#events.shift())
      : new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** All that is still to come, up to the status, as one: `{ headers, messages, code, text, trailers }`. */
  async rest() {
    const messages = [];
    let headers = {};
    for (let event = await this.next(); ; event = await this.next()) {
      if ('code' in event) {
        return { headers, messages, ...event };
      }
      if ('message' in event) {
        messages.push(event.message);
      } else {
        headers = event.headers;
      }
    }
  }
}

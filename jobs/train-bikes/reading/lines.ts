// Splits text that arrives in pieces into lines, whatever ends them, and bounds their length.

/** A line of the city's export has at most about 400 characters. */
export const LONGEST_LINE = 64 * 1024;

/** A line that is longer than `LONGEST_LINE` comes cut to one character more, and the rest of it is left out. */
export class LineSplitter {
  #rest = '';
  #isSkipping = false;

  push(text: string): readonly string[] {
    const whole = this.#rest + text;
    const lines = whole.includes('\r') ? whole.split(/\r\n|\n|\r(?!$)/) : whole.split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#isSkipping && lines.length > 0) {
      lines.shift();
      this.#isSkipping = false;
    }
    if (this.#isSkipping) this.#rest = '';
    else if (this.#rest.length > LONGEST_LINE) {
      lines.push(this.#rest);
      this.#rest = '';
      this.#isSkipping = true;
    }
    return lines.map(cut);
  }

  /** The last line, if nothing ends it. */
  end(): readonly string[] {
    const last = this.#rest.replace(/\r$/, '');
    return last === '' || this.#isSkipping ? [] : [cut(last)];
  }
}

const cut = (line: string): string => (line.length > LONGEST_LINE ? line.slice(0, LONGEST_LINE + 1) : line);

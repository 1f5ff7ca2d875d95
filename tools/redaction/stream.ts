import type { Redactor } from '../ports.ts';

/** Text as it comes, redacted: what a stream has emitted holds no secret that a later piece would have completed. */
export interface RedactionStream {
  /** Redacted text that is final; empty while more has to be seen first. */
  push(piece: string): string;
  /** The rest. */
  end(): string;
}

/** More than this, in UTF-16 units, is never held back for its end: what follows is withheld up to the next safe place, and that is said. */
const longest = 262_144;

/** Keys at the margin with which a document begins that may be about a secret, whatever its last line says. */
const documentKey =
  /^\s*(?:-\s+)*["']?(?:name|user|apiVersion|kind|data|stringData|items|users|auth|metadata|lease_id|lease_duration|refresh_interval|request_id)["']?\s*[:=\s]/;
const tableTitle = /^(?:=+ Data =+|Key\s+Value)\s*$/;
const goesOn = /(?:[{[(,\\:=>|]|-{2}[a-z-]+|\bname\W+\S+|\b[a-z]*auth[a-z]*\W*)\s*$/i;

interface State {
  /** Lines that wait, and the one that has not ended. */
  held: string;
  line: string;
  /** Inside a document or table: held until it ends. */
  inside: 'document' | 'table' | null;
  pem: boolean;
  /** A document outgrew what is held. */
  withholding: boolean;
}

const mark = '[withheld: too long to be checked as a whole]\n';

/** A line that can only be a line of its own: at the margin, and not of a block that the line before opened. */
function standsAlone(line: string): boolean {
  return /^[A-Za-z0-9]/.test(line) && !/^value\b/i.test(line);
}

/**
 * Redacts a text that arrives in pieces. Where it is cut for redaction follows from the text alone, so any split into pieces gives the same
 * output: between lines, outside PEM blocks, documents and tables, and never after a line that opens something.
 */
export function createRedactionStream(redactor: Pick<Redactor, 'text'>): RedactionStream {
  const state: State = { held: '', line: '', inside: null, pem: false, withholding: false };

  function flush(): string {
    const { held, withholding } = state;
    state.held = '';
    state.withholding = false;
    return withholding ? '' : redactor.text(held).text;
  }

  function mayCutBefore(line: string): boolean {
    if (state.pem || state.held === '') return false;
    if (state.inside !== null) return /^---\s*$/.test(line);
    const last = state.held.slice(state.held.lastIndexOf('\n', state.held.length - 2) + 1);
    return standsAlone(line) && !goesOn.test(last);
  }

  function take(line: string): string {
    const out = mayCutBefore(line) ? flush() : '';
    if (state.held === '') state.inside = null;
    if (documentKey.test(line)) state.inside = 'document';
    else if (tableTitle.test(line)) state.inside ??= 'table';
    // A table ends with an empty line, a document does not.
    else if (line.trim() === '' && state.inside === 'table') state.inside = null;
    if (line.includes('-----BEGIN')) state.pem = true;
    if (line.includes('-----END')) state.pem = false;
    if (state.withholding) return out;
    state.held += line;
    if (state.held.length <= longest) return out;
    state.withholding = true;
    state.held = '\n';
    return out + mark;
  }

  return {
    push(piece) {
      let out = '';
      state.line += piece;
      for (let end = state.line.indexOf('\n'); end !== -1; end = state.line.indexOf('\n')) {
        const line = state.line.slice(0, end + 1);
        state.line = state.line.slice(end + 1);
        out += take(line);
      }
      return out;
    },
    end() {
      const out = state.line === '' ? '' : take(state.line);
      state.line = '';
      return out + flush();
    },
  };
}

/**
 * What was written without a connection, kept in the browser until it is answered: a reload does not lose it.
 *
 * Each message keeps its key and its session, so that it counts once however often and from whichever tab it is sent.
 */

import type { Store } from "./session";

/** A message that is older is not sent out of the blue any more; more of them are for this page alone. */
export const KEPT_MS = 24 * 60 * 60 * 1000;
export const MOST_KEPT = 20;

export interface Kept {
  id: string;
  text: string;
  session: string;
  at: number;
}

export class Unsent {
  constructor(
    private readonly store: Store,
    private readonly now: () => number = Date.now,
  ) {}

  /** Those of a session, oldest first; what is too old is forgotten. */
  of(session: string): Kept[] {
    const all = this.read();
    const young = all.filter(({ at }) => Math.abs(this.now() - at) < KEPT_MS);
    if (young.length < all.length) this.write(young);
    return young.filter((kept) => kept.session === session);
  }

  has(id: string): boolean {
    return this.read().some((kept) => kept.id === id);
  }

  /** Returns false when there is no room. */
  keep(id: string, text: string, session: string): boolean {
    const all = this.read();
    if (all.some((kept) => kept.id === id)) return true;
    if (all.length >= MOST_KEPT) return false;
    this.write([...all, { id, text, session, at: this.now() }]);
    return true;
  }

  drop(id: string): void {
    const all = this.read();
    const left = all.filter((kept) => kept.id !== id);
    if (left.length < all.length) this.write(left);
  }

  clear(): void {
    if (this.store.get()) this.store.set("");
  }

  private read(): Kept[] {
    try {
      const given: unknown = JSON.parse(this.store.get() || "[]");
      return Array.isArray(given) ? given.filter(isKept) : [];
    } catch {
      return []; // somebody else wrote there
    }
  }

  private write(all: Kept[]): void {
    this.store.set(all.length > 0 ? JSON.stringify(all) : "");
  }
}

function isKept(given: unknown): given is Kept {
  const { id, text, session, at } = (given ?? {}) as Record<string, unknown>;
  return typeof id === "string" && typeof text === "string" && typeof session === "string" && typeof at === "number";
}

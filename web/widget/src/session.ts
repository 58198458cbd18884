/** Where the handle of the visitor's session is kept, and how tabs tell each other of changes. No cookies. */

export interface Store {
  get(): string | null;
  set(value: string): void;
}

/** Keeps a value in a storage of the browser, and in memory where that is blocked. */
export function storeOf(storage: () => Storage, name: string): Store {
  let kept: string | null = null;
  return {
    get() {
      try {
        return storage().getItem(name) ?? kept;
      } catch {
        return kept;
      }
    },
    set(value) {
      kept = value;
      try {
        storage().setItem(name, value);
      } catch {
        // Blocked or full: this page remembers it, and that is all.
      }
    },
  };
}

/** A handle nobody can guess: 144 random bits. */
export function newHandle(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_");
}

export interface Tabs {
  tell(what: string): void;
  close(): void;
}

/** Tells other tabs of this page's origin, and hears them. */
export function tabsOf(name: string, heard: (what: string) => void): Tabs {
  let channel: BroadcastChannel;
  try {
    channel = new BroadcastChannel(name);
  } catch {
    return { tell: () => undefined, close: () => undefined }; // blocked, or none here
  }
  channel.onmessage = (event: MessageEvent<unknown>) => heard(String(event.data));
  return { tell: (what) => channel.postMessage(what), close: () => channel.close() };
}

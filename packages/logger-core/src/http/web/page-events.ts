/** The page around a browser's script, as far as it matters here. */
export interface PageEvents {
  readonly visibilityState: () => string | undefined;
  /** Calls back when the page is hidden or left; answers how to stop that. */
  onHidden(callback: () => void): () => void;
}

interface ListenerTarget {
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

interface PageGlobals extends Partial<ListenerTarget> {
  readonly document?: Partial<ListenerTarget> & { readonly visibilityState?: string };
}

/** Whether the page may be gone at the next moment. */
export function pageIsHidden(page: PageEvents): boolean {
  return page.visibilityState() === "hidden";
}

/** The page this script runs in, or `undefined` where there is none: workers, Deno, edge runtimes. */
export function currentPage(globals: PageGlobals = globalThis as PageGlobals): PageEvents | undefined {
  const { document } = globals;
  if (!isListenerTarget(document) || !isListenerTarget(globals)) return undefined;
  const target = globals;
  let left = false;
  return {
    visibilityState: () => (left ? "hidden" : document.visibilityState),
    onHidden(callback) {
      const changed = (): void => {
        if (document.visibilityState === "hidden") callback();
      };
      const hide = (): void => {
        left = true;
        callback();
      };
      // A page can come back from the back-forward cache.
      const show = (): void => {
        left = false;
      };
      document.addEventListener("visibilitychange", changed);
      target.addEventListener("pagehide", hide);
      target.addEventListener("pageshow", show);
      return () => {
        document.removeEventListener("visibilitychange", changed);
        target.removeEventListener("pagehide", hide);
        target.removeEventListener("pageshow", show);
      };
    },
  };
}

function isListenerTarget<T extends Partial<ListenerTarget>>(target: T | undefined): target is T & ListenerTarget {
  return typeof target?.addEventListener === "function" && typeof target.removeEventListener === "function";
}

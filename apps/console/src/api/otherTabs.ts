/* The tabs of a browser share one session: what one does with it concerns all. */
const channel = new BroadcastChannel('vestibule.session');

/** Tells the browser's other tabs that somebody has signed in or out. */
export function tellOtherTabs(): void {
  channel.postMessage(null);
}

/** Calls back when somebody has signed in or out in another tab. Answers how to stop that. */
export function onOtherTab(listener: () => void): () => void {
  channel.addEventListener('message', listener);
  return () => channel.removeEventListener('message', listener);
}

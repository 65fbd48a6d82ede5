/** A path of this console that somebody wanted to get to; anything else, and the pages before the door, become `/`. */
export function safePath(to: unknown): string {
  if (typeof to !== 'string' || !to.startsWith('/')) return '/';
  const here = 'https://console.invalid';
  try {
    const url = new URL(to, here);
    // `//elsewhere` and `/\elsewhere` are other hosts to a browser.
    if (url.origin !== here) return '/';
    if (/^\/(sign-in|claim|reset|access-ended)(\/|$)/.test(url.pathname)) return '/';
    return url.pathname + url.search + url.hash;
  } catch {
    return '/';
  }
}

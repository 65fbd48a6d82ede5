// Looks over the shoulder of every page of every test: what nobody asked for fails the test.
import type { BrowserContext, ConsoleMessage, Page, Request } from '@playwright/test';

/** A refusal that a test provokes on purpose; browsers report each as an error. */
interface Expected {
  status: number;
  path: RegExp;
}

export class Watch {
  /** What went wrong, in the order it did. */
  readonly found: string[] = [];
  private readonly expected: Expected[] = [];

  constructor(private readonly origin: string) {}

  /** Says that an answer of this status from an API path such as /\/guests$/ is part of the test. */
  expect(status: number, path: RegExp): void {
    this.expected.push({ status, path });
  }

  /** Takes an error back that the test has looked for and found. */
  forgive(pattern: RegExp): void {
    for (let at = this.found.length - 1; at >= 0; at--) {
      if (pattern.test(this.found[at] ?? '')) this.found.splice(at, 1);
    }
  }

  /** Watches every page that this context has and will have. */
  async over(context: BrowserContext): Promise<void> {
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
    context.on('request', (request) => this.request(request));
    context.on('page', (page) => this.page(page));
    for (const page of context.pages()) this.page(page);
  }

  private page(page: Page): void {
    page.on('pageerror', (error) => this.found.push(`${page.url()}: uncaught ${error.stack ?? error}`));
    page.on('console', (message) => this.message(page, message));
    page.on('crash', () => this.found.push(`${page.url()}: crashed`));
  }

  private request(request: Request): void {
    const url = new URL(request.url());
    if (['about:', 'blob:', 'data:'].includes(url.protocol)) return;
    if (url.origin !== this.origin) this.found.push(`a request left the origin: ${request.url()}`);
  }

  private message(page: Page, message: ConsoleMessage): void {
    if (message.type() !== 'error' && !/content.security.policy|validateDOMNesting/i.test(message.text()))
      return;
    const status = /the server responded with a status of (\d+)/.exec(message.text())?.[1];
    const path = pathOf(message.location().url);
    const meant = this.expected.some((one) => String(one.status) === status && one.path.test(path));
    if (!meant) this.found.push(`${page.url()}: ${message.text()} ${message.location().url}`);
  }
}

function pathOf(url: string): string {
  try {
    return new URL(url).pathname;
  } catch {
    return url;
  }
}

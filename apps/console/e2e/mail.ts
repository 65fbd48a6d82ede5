// Reads the mails that the server files into a folder.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface Mail {
  to: string;
  subject: string;
  /** The plain text, lines ending in "\n". */
  text: string;
}

export class Mailbox {
  constructor(readonly folder: string) {}

  /** Every mail to this address, oldest first. */
  async to(address: string): Promise<Mail[]> {
    const names = await readdir(this.folder).catch(() => []);
    const files = await Promise.all(
      names
        .filter((name) => name.endsWith('.eml'))
        .map(async (name) => {
          const path = join(this.folder, name);
          return { at: (await stat(path)).mtimeMs, mail: parse(await readFile(path, 'latin1')) };
        }),
    );
    return files
      .filter(({ mail }) => mail.to.toLowerCase() === address.toLowerCase())
      .sort((a, b) => a.at - b.at)
      .map(({ mail }) => mail);
  }

  /** Waits for the newest mail to this address whose subject matches; `after` skips so many older ones. */
  async waitFor(address: string, subject: RegExp = /./, after = 0): Promise<Mail> {
    for (const ends = Date.now() + 15_000; Date.now() < ends; await pause(100)) {
      const mails = (await this.to(address)).filter((mail) => subject.test(mail.subject)).slice(after);
      const newest = mails.at(-1);
      if (newest) return newest;
    }
    throw new Error(`no mail to ${address} about ${subject}`);
  }

  /**
   * The path and fragment of the newest link of this kind that was mailed to this address, waiting for it: something
   * like "/claim#token=…", to be opened on the server that the test runs against.
   */
  async link(address: string, kind: 'claim' | 'reset', after = 0): Promise<string> {
    for (const ends = Date.now() + 15_000; Date.now() < ends; await pause(100)) {
      const links = (await this.to(address)).flatMap((mail) => linkIn(mail, kind) ?? []).slice(after);
      const newest = links.at(-1);
      if (newest) return newest;
    }
    throw new Error(`no ${kind} link was mailed to ${address}`);
  }

  /** Waits until no more mails come. */
  async settled(): Promise<void> {
    for (let before = -1, calm = 0; calm < 3; await pause(150)) {
      const now = (await readdir(this.folder).catch(() => [])).length;
      calm = now === before ? calm + 1 : 0;
      before = now;
    }
  }
}

function linkIn(mail: Mail, kind: string): string | undefined {
  return new RegExp(`https?://[^/\\s]+(/${kind}#token=\\S+)`).exec(mail.text)?.[1];
}

/** Reads a mail as this server writes it: a plain text first, then HTML. */
function parse(raw: string): Mail {
  const [head = '', ...parts] = raw.replaceAll('\r\n', '\n').split('\n\n');
  const header = (name: string) =>
    new RegExp(`^${name}:[ \\t]*(.*(?:\\n[ \\t].*)*)`, 'im').exec(head)?.[1]?.replace(/\n[ \t]+/g, ' ') ?? '';
  const boundary = /boundary="([^"]+)"/.exec(header('Content-Type'))?.[1];
  const body = parts.join('\n\n');
  const plain = boundary === undefined ? body : (body.split(`--${boundary}\n`)[1] ?? '');
  const cut = plain.indexOf('\n\n');
  return {
    to: /<([^>]+)>/.exec(header('To'))?.[1] ?? header('To'),
    subject: header('Subject')
      .replace(/(\?=)\s+(=\?)/g, '$1$2')
      .replace(/=\?utf-8\?b\?([^?]*)\?=/gi, (_, text) => Buffer.from(text, 'base64').toString('utf8')),
    text: unquoted(boundary === undefined ? plain : plain.slice(cut + 2)),
  };
}

/** Quoted-printable, to text. */
function unquoted(text: string): string {
  const bytes = text
    .replace(/=\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

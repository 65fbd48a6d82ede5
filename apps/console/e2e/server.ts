// The real binary, on a copy of the sample organization that was made once for the whole run.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Api } from './api';
import { addGuests, endAccess } from './database';
import { Mailbox } from './mail';

const BINARY = resolve(
  process.env.VESTIBULE_BIN ?? join(import.meta.dirname, '../../../target/debug/vestibule'),
);

/** Where the run keeps the sample that every server starts from, and the token of its Admin. */
export interface SampleData {
  folder: string;
  adminToken: string;
}

/** Whatever happens to the tests, no server outlives them. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const server of running) server.kill('SIGKILL');
});

/** A running server. */
export class Vestibule {
  private constructor(
    private readonly server: ChildProcess,
    /** Where it listens, without a slash at the end. */
    readonly url: string,
    /** Where its data lies. */
    readonly folder: string,
    /** The mails that it has sent. */
    readonly mail: Mailbox,
    /** An API token of the Admin. */
    readonly adminToken: string,
  ) {}

  /** Starts a server on this folder; without a sample it fills the folder first. */
  static async start(folder: string, adminToken?: string): Promise<Vestibule> {
    const port = await freePort();
    const server = spawn(BINARY, ['demo', '--data-dir', folder], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        VESTIBULE__HTTP__BIND: `127.0.0.1:${port}`,
        VESTIBULE__HTTP__WORKERS: '1',
        // Many people sign in from one address here, and hashing slowly protects nobody.
        VESTIBULE__SECURITY__CREDENTIAL_ATTEMPTS_PER_MINUTE: '0',
        VESTIBULE__SECURITY__BCRYPT_COST: '4',
      },
    });
    running.add(server);
    const errors: string[] = [];
    server.stderr?.on('data', (data) => errors.push(String(data)));
    const failed = once(server, 'exit').then(([code]) => {
      running.delete(server);
      throw new Error(`${BINARY} ended with ${code}: ${errors.join('')}`);
    });
    failed.catch(() => {});
    const said = await Promise.race([welcome(server), failed]);
    const token = adminToken ?? said['API token'];
    if (!said.URL) await failed;
    if (!said.URL || !said.Mail || !token?.startsWith('vst_')) {
      throw new Error(`the server said something else: ${JSON.stringify(said)}`);
    }
    return new Vestibule(server, said.URL, folder, new Mailbox(said.Mail), token);
  }

  /** Starts a server on a copy of the sample. */
  static async ofSample(sample: SampleData): Promise<Vestibule> {
    const folder = await mkdtemp(join(tmpdir(), 'vestibule-e2e-'));
    await cp(sample.folder, folder, { recursive: true });
    return Vestibule.start(folder, sample.adminToken);
  }

  /** Speaks to the API as the Admin. */
  get api(): Api {
    return new Api(this.url, this.adminToken);
  }

  /** Lets a guest's access have ended a while ago, as if the day had come. */
  endAccess(email: string): Promise<void> {
    return endAccess(join(this.folder, 'vestibule.db'), email);
  }

  /** Adds thousands of guests in a moment. */
  addGuests(count: number): Promise<void> {
    return addGuests(join(this.folder, 'vestibule.db'), count);
  }

  /** Stops it, and waits until it has. */
  async stop(): Promise<void> {
    if (this.server.exitCode !== null) return;
    const ended = once(this.server, 'exit');
    this.server.kill('SIGTERM');
    await ended;
  }

  /** Stops it and forgets its data. */
  async discard(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** What the server prints when it is ready, by label. */
async function welcome(server: ChildProcess): Promise<Record<string, string>> {
  const said: Record<string, string> = {};
  if (!server.stdout) return said;
  const lines = createInterface({ input: server.stdout });
  for await (const line of lines) {
    const [, label, value] = /^ {2}(URL|API token|Mail) +(\S.*)$/.exec(line) ?? [];
    if (label && value) said[label] = value;
    if (line.startsWith('Stop with')) break;
  }
  server.stdout.resume();
  return said;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

// The clock of a real server does not jump, so a test moves the day instead: in the database of the sample.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

const END_ACCESS = `
import datetime, sqlite3, sys, time
path, email = sys.argv[1:]
now = int(time.time() * 1_000_000)
ended = now - 60 * 1_000_000
day = (datetime.date.today() - datetime.timedelta(days=1)).isoformat()
# The duty to tidy up stays where it is: the moment between the end and the tidying is the one to look at.
with sqlite3.connect(path, timeout=10) as database:
    changed = database.execute(
        "UPDATE users SET access_ends_at = ?, access_ends_on = ? WHERE kind = 2 AND email_canonical = lower(?)",
        (ended, day, email),
    ).rowcount
if changed != 1:
    sys.exit(f"{changed} guests are named {email}")
`;

/** Puts the end of a guest's access into the past. */
export async function endAccess(database: string, email: string): Promise<void> {
  await run('python3', ['-c', END_ACCESS, database, email]);
}

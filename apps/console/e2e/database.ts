// What takes the API too long, or time itself: done in the database, behind the server's back.
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

const ADD_GUESTS = `
import os, sqlite3, sys
path, wanted = sys.argv[1], int(sys.argv[2])
DAY = 86_400 * 1_000_000
with sqlite3.connect(path, timeout=30) as database:
    database.row_factory = sqlite3.Row
    model = dict(database.execute(
        "SELECT * FROM users WHERE kind = 2 AND revoked_at IS NULL AND deleted_at IS NULL AND claimed_at IS NOT NULL"
        " ORDER BY access_ends_at DESC LIMIT 1"
    ).fetchone())
    names = ", ".join(model)
    marks = ", ".join(f":{name}" for name in model)
    for n in range(wanted):
        first, last = f"Number{n:05}", f"Guest{n % 97:02}"
        email = f"{first}.{last}@many.example".lower()
        guest = model | {
            "id": os.urandom(6) + b"\\x70" + os.urandom(1) + b"\\x80" + os.urandom(7),
            "first_name": first, "first_name_key": first.lower(), "last_name": last, "last_name_key": last.lower(),
            "email": email, "email_canonical": email, "email_hash": os.urandom(32),
            "created_at": model["created_at"] - n * 1_000_000,
            "external_id": None, "role_id": None, "license_id": None,
        }
        database.execute(f"INSERT INTO users ({names}) VALUES ({marks})", guest)
`;

/** Adds so many guests at once: "Number00000 Guest00", "Number00001 Guest01" and so on. */
export async function addGuests(database: string, count: number): Promise<void> {
  await run('python3', ['-c', ADD_GUESTS, database, String(count)]);
}

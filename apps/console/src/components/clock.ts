import dayjs, { type Dayjs } from 'dayjs';
import timezone from 'dayjs/plugin/timezone';
import utc from 'dayjs/plugin/utc';

dayjs.extend(utc);
dayjs.extend(timezone);

const ofBrowser = Intl.DateTimeFormat().resolvedOptions().timeZone;
let zone = ofBrowser;

/** Shows moments in this zone from now on: the reader's own, or their organization's. */
export function readIn(timeZone: string): void {
  try {
    zone = new Intl.DateTimeFormat(undefined, { timeZone }).resolvedOptions().timeZone;
  } catch {
    // One that this browser doesn't know.
    zone = ofBrowser;
  }
}

/** The zone in which moments are shown; the browser's while nobody is signed in. */
export function readersZone(): string {
  return zone;
}

/** A moment, or now, as the reader's clock shows it. */
export function clock(instant?: string): Dayjs {
  return dayjs(instant).tz(zone);
}

/** The moment at which the reader's clock shows this, such as `2026-03-14 09:30`. */
export function momentOf(shown: string): Dayjs {
  return dayjs.tz(shown, zone);
}

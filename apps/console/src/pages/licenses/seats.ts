import type { License } from '../../api/schema';

type Seats = Pick<License, 'seats' | 'used'>;

/** How much of a license is taken. */
export function usage({ seats, used }: Seats): { share: number; level: 'calm' | 'tight' | 'full' } {
  const share = seats === 0 ? (used > 0 ? 100 : 0) : Math.min(100, (used / seats) * 100);
  if (used >= seats) return { share, level: 'full' };
  return { share, level: share >= 90 ? 'tight' : 'calm' };
}

/** What is left of it. */
export function seatsWords({ seats, used }: Seats): string {
  const left = seats - used;
  if (seats === 0) return 'no seats at all';
  if (left < 0) return `${Math.abs(left).toLocaleString()} more than there are`;
  if (left === 0) return 'none left';
  return left === 1 ? '1 left' : `${left.toLocaleString()} left`;
}

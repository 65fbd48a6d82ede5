import { Progress, Text } from '@mantine/core';
import type { License } from '../../api/schema';
import { seatsWords, usage } from './seats';

/** The seats of a license as a bar, and in words. */
export function SeatBar({ license }: { license: License }) {
  const { share, level } = usage(license);
  return (
    <div>
      <Progress
        value={share}
        size="md"
        radius="xl"
        color={{ calm: 'moss', tight: 'orange', full: 'red' }[level]}
        aria-label={`Seats of ${license.name} in use`}
      />
      <Text fz="sm" mt={8} className="tabular">
        <Text span inherit fw={600}>
          {license.used.toLocaleString()}
        </Text>{' '}
        of {license.seats.toLocaleString()} {license.seats === 1 ? 'seat' : 'seats'} used
        <Text span inherit c={level === 'calm' ? 'dimmed' : undefined}>
          {' '}
          · {seatsWords(license)}
        </Text>
      </Text>
    </div>
  );
}

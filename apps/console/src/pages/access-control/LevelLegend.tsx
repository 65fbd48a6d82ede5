import { Text } from '@mantine/core';
import { LevelMeter } from './LevelMeter';
import { LEVELS } from './levels';
import classes from './PermissionMatrix.module.css';

/** What the levels mean, in full. */
export function LevelLegend() {
  return (
    <dl className={classes.legend} aria-label="What the levels mean">
      {LEVELS.map(({ level, title, hint }) => (
        <div key={level}>
          <dt>
            <LevelMeter level={level} />
            <Text span fz="sm" fw={550}>
              {title}
            </Text>
          </dt>
          <Text component="dd" fz="xs" c="dimmed">
            {hint}
          </Text>
        </div>
      ))}
    </dl>
  );
}

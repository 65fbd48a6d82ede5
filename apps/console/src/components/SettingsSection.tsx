import { Box, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import classes from './SettingsSection.module.css';

interface Props {
  title: string;
  /** What these settings are about, for somebody who sees them for the first time. */
  description?: ReactNode;
  children: ReactNode;
}

/** Settings that belong together: what they are about on one side, the settings on the other. */
export function SettingsSection({ title, description, children }: Props) {
  const id = useId();
  return (
    <Box component="section" className={classes.section} aria-labelledby={id}>
      <Box>
        <Title order={2} fz="md" id={id}>
          {title}
        </Title>
        {description && (
          <Text fz="sm" c="dimmed" mt={4} component="div">
            {description}
          </Text>
        )}
      </Box>
      <Stack gap="md" className={classes.body}>
        {children}
      </Stack>
    </Box>
  );
}

/** A list of facts: what cannot be changed here, and who can. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={classes.facts}>{children}</dl>;
}

export function Fact({ label, children, note }: { label: string; children: ReactNode; note?: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{label}</dt>
      <dd>
        {children}
        {note && (
          <Text fz="xs" c="dimmed">
            {note}
          </Text>
        )}
      </dd>
    </div>
  );
}

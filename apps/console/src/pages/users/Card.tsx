import { Group, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Users.module.css';

/** A part of a person's page, under a heading of its own. */
export function Card({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.card} aria-label={title}>
      <Group justify="space-between" mb="sm" gap="xs">
        <Title order={2} fz="md">
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </section>
  );
}

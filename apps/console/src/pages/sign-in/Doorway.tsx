import { Anchor, Box, Group, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { Logo } from '../../shell/Logo';
import { Archway } from './Archway';
import classes from './Doorway.module.css';

interface Props {
  title: string;
  /** What stands under the title: one or two sentences. */
  lead?: ReactNode;
  children: ReactNode;
}

/** What the pages before the door have in common: the house on one side, one thing to do on the other. */
export function Doorway({ title, lead, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Vestibule`;
  }, [title]);
  return (
    <Box className={classes.page}>
      <Box className={classes.house} aria-hidden>
        <Archway className={classes.arches} />
        <Group gap={10} className={classes.mark}>
          <Logo size={28} />
          <Text fw={620} fz="lg" inherit>
            Vestibule
          </Text>
        </Group>
      </Box>
      <Box component="main" className={classes.room}>
        <Box className={classes.card}>
          <Group gap={9} className={classes.smallMark}>
            <Logo size={26} />
            <Text fw={620}>Vestibule</Text>
          </Group>
          <Title order={1} className={classes.title}>
            {title}
          </Title>
          {lead && (
            <Text c="dimmed" component="div" className={classes.lead}>
              {lead}
            </Text>
          )}
          {children}
        </Box>
      </Box>
    </Box>
  );
}

/** A link under a form: the other way. */
export function Aside({ children }: { children: ReactNode }) {
  return (
    <Text fz="sm" c="dimmed" mt="lg">
      {children}
    </Text>
  );
}

/** A mail address that opens a letter to it. */
export function MailLink({
  address,
  subject,
  children,
}: {
  address: string;
  subject?: string;
  children?: ReactNode;
}) {
  const query = subject ? `?subject=${encodeURIComponent(subject)}` : '';
  return (
    <Anchor href={`mailto:${address}${query}`} inherit underline="always">
      {children ?? address}
    </Anchor>
  );
}

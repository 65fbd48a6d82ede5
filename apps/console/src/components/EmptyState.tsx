import { Button, Center, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { type Icon, IconCloudOff, IconMoodEmpty } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { asProblem, sentence } from '../api/problem';

interface Props {
  icon?: Icon;
  title: string;
  children?: ReactNode;
  /** The next step. */
  action?: ReactNode;
}

/** Nothing to show, and what to do about it. */
export function EmptyState({ icon: Glyph = IconMoodEmpty, title, children, action }: Props) {
  return (
    <Center p="xl" mih={220}>
      <Stack align="center" gap="xs" maw={420}>
        <ThemeIcon size={44} radius="xl" variant="light" color="gray" aria-hidden>
          <Glyph size={24} />
        </ThemeIcon>
        <Title order={2} fz="md" ta="center">
          {title}
        </Title>
        {children && (
          <Text c="dimmed" fz="sm" ta="center" component="div">
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Center>
  );
}

/** Something could not be loaded: why, and once more. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const problem = asProblem(error);
  return (
    <div role="alert">
      <EmptyState
        icon={IconCloudOff}
        title={problem.status === 0 ? 'You seem to be offline' : 'This could not be loaded'}
        action={
          onRetry && (
            <Button variant="default" size="xs" onClick={onRetry}>
              Try again
            </Button>
          )
        }
      >
        {sentence(problem)}
        {problem.requestId && problem.status >= 500 && <> Request {problem.requestId}.</>}
      </EmptyState>
    </div>
  );
}

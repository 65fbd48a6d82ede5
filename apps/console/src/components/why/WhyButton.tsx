import { Button, type ButtonProps } from '@mantine/core';
import { IconHelpHexagon } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { WhyProps } from './WhyPanel';

const WhyPanel = lazy(() => import('./WhyPanel').then((module) => ({ default: module.WhyPanel })));

interface Props extends Omit<WhyProps, 'onClose'>, Omit<ButtonProps, 'children'> {
  /** What is asked; "Why?" when left out. */
  children?: ReactNode;
}

/** A button that opens the answer to why somebody may do something with a record, or why not. */
export function WhyButton({ subject, action, object, record, children = 'Why?', ...props }: Props) {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconHelpHexagon size={18} aria-hidden />}
        onClick={() => setOpened(true)}
        {...props}
      >
        {children}
      </Button>
      {opened && (
        <Suspense fallback={null}>
          <WhyPanel
            subject={subject}
            action={action}
            object={object}
            record={record}
            onClose={() => setOpened(false)}
          />
        </Suspense>
      )}
    </>
  );
}

import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';

/** A button among words that leads to another place of the same page. */
export function TextButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <Anchor component="button" type="button" inherit onClick={onClick} style={{ minHeight: 24 }}>
      {children}
    </Anchor>
  );
}

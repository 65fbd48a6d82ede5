import { Box } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './ListPage.module.css';

/** A page whose list takes the height that is left and scrolls inside itself; on a phone the page scrolls. */
export function ListPage({ children }: { children: ReactNode }) {
  return <Box className={classes.page}>{children}</Box>;
}

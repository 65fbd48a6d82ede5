import type { ComponentProps } from 'react';
import classes from './RowButton.module.css';

interface Props extends Omit<ComponentProps<'button'>, 'type' | 'className'> {
  'aria-label': string;
}

/** A quiet round of an icon, for rows of long lists: a plain element, of which many are made quickly. */
export function RowButton(props: Props) {
  return <button {...props} type="button" className={classes.button} />;
}

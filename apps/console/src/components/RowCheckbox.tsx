import { useEffect, useRef } from 'react';
import classes from './RowCheckbox.module.css';

interface Props {
  'aria-label': string;
  checked: boolean;
  indeterminate?: boolean;
  disabled?: boolean;
  onChange: () => void;
}

/** A checkbox for rows of long lists: a plain element, of which many are made quickly. */
export function RowCheckbox({ indeterminate = false, ...props }: Props) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = indeterminate;
  }, [indeterminate]);
  return <input {...props} ref={box} type="checkbox" className={classes.box} />;
}

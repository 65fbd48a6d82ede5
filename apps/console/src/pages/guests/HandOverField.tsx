import { PersonPicker } from '../../components/PersonPicker';

interface Props {
  value: string | null;
  onChange: (id: string | null) => void;
  /** Those who are going. */
  without: string[];
}

/** To whom the records of somebody who is deleted go. */
export function HandOverField({ value, onChange, without }: Props) {
  return (
    <PersonPicker
      label="Hand their records over to"
      description="Left empty, the records have no owner any more."
      placeholder="Nobody: leave them unowned"
      value={value}
      onChange={onChange}
      without={without}
    />
  );
}

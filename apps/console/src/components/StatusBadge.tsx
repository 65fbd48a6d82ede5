import {
  IconCircleCheck,
  IconCircleDashed,
  IconCircleMinus,
  IconClockOff,
  IconUserOff,
} from '@tabler/icons-react';
import classes from './StatusBadge.module.css';

const LOOKS: Record<string, { label: string; icon: typeof IconCircleCheck }> = {
  active: { label: 'Active', icon: IconCircleCheck },
  invited: { label: 'Invited', icon: IconCircleDashed },
  expired: { label: 'Expired', icon: IconClockOff },
  revoked: { label: 'Revoked', icon: IconCircleMinus },
  deactivated: { label: 'Deactivated', icon: IconUserOff },
};

/** The status of a guest or user: a word and a shape, so that the colour says nothing alone. */
export function StatusBadge({ status }: { status: string }) {
  const look = LOOKS[status] ?? { label: status, icon: IconCircleDashed };
  const Icon = look.icon;
  return (
    <span className={classes.badge} data-status={status}>
      <Icon size={13} aria-hidden />
      {look.label}
    </span>
  );
}

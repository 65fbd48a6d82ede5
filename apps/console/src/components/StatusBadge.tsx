import { Badge } from '@mantine/core';
import {
  IconCircleCheck,
  IconCircleDashed,
  IconCircleMinus,
  IconClockOff,
  IconUserOff,
} from '@tabler/icons-react';

const LOOKS: Record<string, { color: string; label: string; icon: typeof IconCircleCheck }> = {
  active: { color: 'moss', label: 'Active', icon: IconCircleCheck },
  invited: { color: 'blue', label: 'Invited', icon: IconCircleDashed },
  expired: { color: 'gray', label: 'Expired', icon: IconClockOff },
  revoked: { color: 'red', label: 'Revoked', icon: IconCircleMinus },
  deactivated: { color: 'gray', label: 'Deactivated', icon: IconUserOff },
};

/** The status of a guest or user: a word and a shape, so that the colour says nothing alone. */
export function StatusBadge({ status }: { status: string }) {
  const look = LOOKS[status] ?? { color: 'gray', label: status, icon: IconCircleDashed };
  const Icon = look.icon;
  return (
    <Badge
      variant="light"
      color={look.color}
      leftSection={<Icon size={13} aria-hidden />}
      tt="none"
      fw={550}
      style={{
        color: `light-dark(var(--mantine-color-${look.color}-9), var(--mantine-color-${look.color}-2))`,
      }}
    >
      {look.label}
    </Badge>
  );
}

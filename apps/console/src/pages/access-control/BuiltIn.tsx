import { Badge } from '@mantine/core';

/** Which of the profiles that every organization has. */
export function BuiltIn({ kind }: { kind: string }) {
  const words =
    kind === 'default'
      ? 'Every organization has it: for who gets no other profile'
      : 'Every organization has it';
  return (
    <Badge variant="default" tt="none" fw={550} title={words} flex="none">
      Built in
    </Badge>
  );
}
